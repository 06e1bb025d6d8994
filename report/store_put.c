/* SPDX-License-Identifier: ISC */
/* What is written to a store, row by row. */
#include "report/store_private.h"

#include "report/inventory.h"
#include "report/verdict.h"

void
store_prepare(struct store *store)
{
	struct store_statements *s = &store->statements;
	struct db *db = store->db;

	s->find_seen = db_prepare(db, "SELECT 1 FROM seen WHERE id = ?1");
	s->add_seen = db_prepare(db, "INSERT INTO seen VALUES(?1, ?2)");
	s->find_entry = db_prepare(db, "SELECT id FROM entry WHERE key = ?1");
	s->add_entry = db_prepare(
	    db, "INSERT INTO entry(key, client) VALUES(?1, ?2) RETURNING id");
	s->add_daily = db_prepare(db,
	    "INSERT INTO daily(day, entry, version, verdict, incomplete,"
	    " certificates, connections, first_us, last_us, server_ip)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9)"
	    " ON CONFLICT DO UPDATE SET connections = connections + 1,"
	    " first_us = min(first_us, excluded.first_us),"
	    " last_us = max(last_us, excluded.last_us),"
	    " server_ip = CASE WHEN excluded.last_us >= last_us"
	    "  THEN excluded.server_ip ELSE server_ip END RETURNING id");
	s->add_record = db_prepare(db,
	    "INSERT INTO record(seen, day, line) VALUES(?1, ?2, ?3)"
	    " RETURNING id");
	s->add_sample = db_prepare(db,
	    "INSERT INTO sample VALUES(?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT DO UPDATE SET record = excluded.record,"
	    " rank = excluded.rank, last_us = excluded.last_us"
	    " WHERE excluded.rank < rank"
	    " OR (excluded.rank = rank AND excluded.last_us >= last_us)");
	s->find_device = db_prepare(db,
	    "SELECT name, source, named_us, vendor, vendor_class, last_us"
	    " FROM device WHERE id = ?1");
	s->add_device =
	    db_prepare(db, "INSERT OR REPLACE INTO device"
			   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	s->add_run = db_prepare(
	    db, "INSERT OR REPLACE INTO run VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
}

/* Runs a statement that gives one number, and returns that. */
static int64_t
give(struct db_statement *statement)
{
	int64_t number = 0;

	if (db_step(statement)) {
		number = db_int(statement, 0);
		db_rewind(statement);
	}
	return number;
}

static int64_t
put_entry(struct store *store, const struct facts *facts)
{
	struct store_statements *s = &store->statements;
	int64_t id;

	db_bind_text(s->find_entry, 1, facts->key);
	id = give(s->find_entry);
	if (id != 0)
		return id;
	db_bind_text(s->add_entry, 1, facts->key);
	db_bind_text(s->add_entry, 2, facts->client);
	return give(s->add_entry);
}

static bool
was_seen(struct store *store, int64_t id)
{
	struct db_statement *find = store->statements.find_seen;

	db_bind_int(find, 1, id);
	return give(find) == 1;
}

/* Counts connection `id`, which has not been seen. */
static void
count(struct store *store, const struct facts *facts, int64_t entry, int64_t id)
{
	struct store_statements *s = &store->statements;
	int64_t row;

	db_bind_int(s->add_daily, 1, facts->day);
	db_bind_int(s->add_daily, 2, entry);
	db_bind_text(s->add_daily, 3, facts->version);
	db_bind_text(s->add_daily, 4, verdict_name(facts->verdict));
	db_bind_int(s->add_daily, 5, facts->incomplete);
	db_bind_int(s->add_daily, 6, facts->certificates);
	db_bind_int(s->add_daily, 7, facts->first_us);
	db_bind_int(s->add_daily, 8, facts->last_us);
	db_bind_bytes(s->add_daily, 9, facts->server_ip, facts->server_ip_len);
	row = give(s->add_daily);
	db_bind_int(s->add_seen, 1, id);
	db_bind_int(s->add_seen, 2, row);
	db_step(s->add_seen);
	if (facts->day > store->newest_day)
		store->newest_day = facts->day;
	if (facts->last_us > store->newest_us)
		store->newest_us = facts->last_us;
}

bool
store_put_count(
    struct store *store, const struct facts *facts, int64_t entry, int64_t id)
{
	if (was_seen(store, id))
		return false;
	count(store, facts, entry, id);
	return true;
}

static void
put_sample(struct store *store, const struct facts *facts, int64_t entry,
    int64_t record)
{
	struct db_statement *add = store->statements.add_sample;

	db_bind_int(add, 1, facts->day);
	db_bind_int(add, 2, entry);
	db_bind_int(add, 3, record);
	db_bind_int(add, 4, inventory_rank(facts->verdict));
	db_bind_int(add, 5, facts->last_us);
	db_step(add);
}

bool
store_put_line(struct store *store, const struct store_line *line)
{
	struct db_statement *add = store->statements.add_record;
	const struct facts *facts = &line->facts;
	int64_t entry;

	if (was_seen(store, facts->id))
		return false;
	entry = put_entry(store, facts);
	count(store, facts, entry, facts->id);
	db_bind_int(add, 1, facts->id);
	db_bind_int(add, 2, facts->day);
	db_bind_text(add, 3, line->text);
	put_sample(store, facts, entry, give(add));
	store_put_device(store, line->device, facts->last_us, facts->last_us);
	return true;
}

/* What is written of a device. */
struct claim {
	const char *name, *vendor, *vendor_class;
	int64_t source, named_us, last_us;
};

/* Does the name that `device` had at `named_us` take the place of the old one?
 * The better source counts, and of equal ones the later; but none for ever. */
static bool
is_better(
    const struct device_name *device, const struct claim *old, int64_t named_us)
{
	int64_t later_us = named_us - old->named_us;
	int64_t long_us = STORE_NAME_DAYS * STORE_DAY_US;

	if (device->name[0] == '\0')
		return false;
	if (old->name[0] == '\0' || later_us > long_us)
		return true;
	if (later_us < -long_us)
		return false;
	return device->source < old->source ||
	       (device->source == old->source && later_us >= 0);
}

static const char *
either(const char *new, const char *old)
{
	return new[0] != '\0' ? new : old;
}

void
store_put_device(struct store *store, const struct device_name *device,
    int64_t named_us, int64_t last_us)
{
	struct db_statement *find = store->statements.find_device;
	struct db_statement *add = store->statements.add_device;
	struct claim old = { "", "", "", 0, 0, 0 };

	if (device->id[0] == '\0')
		return;
	db_bind_text(find, 1, device->id);
	if (db_step(find))
		old = (struct claim){ db_text(find, 0), db_text(find, 3),
			db_text(find, 4), db_int(find, 1), db_int(find, 2),
			db_int(find, 5) };
	if (is_better(device, &old, named_us)) {
		old.name = device->name;
		old.source = device->source;
		old.named_us = named_us;
	}
	db_bind_text(add, 1, device->id);
	db_bind_text(add, 2, old.name);
	db_bind_int(add, 3, old.source);
	db_bind_int(add, 4, old.named_us);
	db_bind_text(add, 5, either(device->vendor, old.vendor));
	db_bind_text(add, 6, either(device->vendor_class, old.vendor_class));
	db_bind_int(add, 7, device->own_mac);
	db_bind_int(add, 8, device->randomized_mac);
	db_bind_int(add, 9, last_us > old.last_us ? last_us : old.last_us);
	db_step(add);
	db_rewind(find);
}

void
store_put_run(struct store *store, const struct history_run *run)
{
	struct db_statement *add = store->statements.add_run;

	db_bind_int(add, 1, run->start_us);
	db_bind_text(add, 2, run->source);
	db_bind_int(add, 3, run->end_us);
	db_bind_int(add, 4, (int64_t)run->packets);
	db_bind_int(add, 5, (int64_t)run->dropped);
	db_bind_int(add, 6, (int64_t)run->lost);
	db_step(add);
}
