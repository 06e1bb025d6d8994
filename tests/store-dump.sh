#!/bin/sh
# store-dump.sh STORE: prints a store as SQL, as the files store-v*.sql are: a
# store of each version of its tables, which later versions must be able to
# read.  Not a test, and needed only when the tables have changed.
sqlite3 "$1" <<'SQL'
.mode list
SELECT '-- Made by tests/store-dump.sh.  Never to be changed.';
SELECT 'PRAGMA application_id = ' || application_id || ';'
	FROM pragma_application_id;
SELECT 'PRAGMA user_version = ' || user_version || ';'
	FROM pragma_user_version;
.dump
SQL
