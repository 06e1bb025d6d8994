/* SPDX-License-Identifier: ISC */
#ifndef MAILTLS_DISSECT_MAILDISSECT_H
#define MAILTLS_DISSECT_MAILDISSECT_H

#include "dissect/connection.h"
#include "dissect/hello.h"
#include "dissect/sighting.h"

/*
 * The facade of the dissector: frames in, connections and sightings out, by
 * the caller's hooks.  It does no I/O, knows no time but the packets', and
 * lives in one block of memory that its caller gives it.
 *
 * Order of calls: md_init, then md_frame for every frame, then md_end, after
 * which md_init may start anew.  Hooks are called from within md_frame and
 * md_end and must not call back.
 */

struct md;

/*
 * struct md_piece is a part of what one side of a connection says, in order,
 * for somebody else to have an opinion on.
 */
struct md_piece {
	uint64_t connection; /* its number: no other has the same */
	enum side from;
	int64_t time_us;
	uint64_t at; /* bytes that this side has said before */
	struct bytes bytes;
	bool last; /* there will be no more to look at */
};

/* struct md_hooks: any of them may be NULL.  What they are handed is borrowed
 * for the call. */
struct md_hooks {
	void *arg; /* handed to every hook */
	/* The first ClientHello; fills in the meaning of `c`. */
	void (*client_hello)(
	    void *arg, struct connection *c, const struct client_hello *hello);
	/* The final ServerHello. */
	void (*server_hello)(
	    void *arg, struct connection *c, const struct server_hello *hello);
	/*
	 * A Certificate message of `side` (RFC 5246 7.4.2), in the clear:
	 * `list` holds certificates, 3 bytes of length before each, leaf
	 * first.  The last may be cut where the message was over-long.
	 */
	void (*certificate)(
	    void *arg, struct connection *c, enum side side, struct bytes list);
	/* The handshake completed or failed, or a login in the clear was seen:
	 * `c` is as it stands, and is still open. */
	void (*judged)(void *arg, struct connection *c);
	/*
	 * The connection is over; once for each, whether judged or not.  With
	 * `any_port`, that may be TLS of which nothing shows what it carries,
	 * EVIDENCE_NONE, which was never judged: it is for the caller to know.
	 */
	void (*over)(void *arg, struct connection *c);
	sighting_hook *sighting;
	/*
	 * With `any_port`, the first pieces of a connection on another port:
	 * may fill in `by_hint` and `service` of `c`, and returns whether it
	 * wants to see more.  It is shown LIMIT_STRANGER_PIECES at most, and
	 * none of a connection that is seen to be no mail.
	 */
	bool (*hint)(
	    void *arg, struct connection *c, const struct md_piece *piece);
	/* No more will be shown of that connection, though more was wanted. */
	void (*no_hint)(void *arg, uint64_t connection);
};

/* struct md_stats counts what came in and every way in which something was
 * given up.  md_stat_names has the names, in order, and what they mean. */
struct md_stats {
	uint64_t frames, bytes;
	uint64_t frames_skipped; /* by their ports */
	uint64_t frames_broken;
	uint64_t frames_other; /* nothing that carries IP */
	uint64_t frames_cut;   /* longer on the wire than in the capture */
	uint64_t segments;     /* TCP, of mail connections */
	uint64_t segments_broken;
	uint64_t segments_far;       /* out of any window */
	uint64_t flows;              /* mail connections begun */
	uint64_t flows_without_data; /* ended without a byte: no record */
	uint64_t flows_evicted;      /* to make room */
	uint64_t connections;        /* records given out */
	uint64_t twins;              /* the same seen behind NAT: no record */
	uint64_t gaps;               /* bytes that never came */
	uint64_t gap_bytes;
	uint64_t early_dropped; /* segments: no room to keep them */
	uint64_t
	    messages_dropped;    /* handshake messages: no room, or too long */
	uint64_t resets_ignored; /* RST out of window */
	uint64_t fragments;
	uint64_t datagrams_timed_out;
	uint64_t datagrams_evicted;
	uint64_t datagrams_oversized;
	uint64_t others; /* connections on other ports that were looked at */
	uint64_t others_mail;     /* taken for mail */
	uint64_t others_unproven; /* TLS, given out as EVIDENCE_NONE */
	uint64_t others_evicted;  /* to make room */
	uint64_t hints;           /* by_hint said that it is mail */
	uint64_t hints_refuted;   /* and what it said was not borne out */
	uint64_t flows_peak, connections_peak, chunks_peak;
};

struct md_stat_name {
	const char *name, *meaning;
	unsigned offset; /* of the uint64_t in struct md_stats */
};
extern const struct md_stat_name md_stat_names[];
extern const unsigned md_stat_count;

enum {
	MD_PORT_MAP_LEN = 8192, /* 65,536 bits, bit `port % 8` of `port / 8` */
	MD_SIZE_MIN = 1 << 20,  /* the smallest block md_init takes, in bytes */
	MD_SHARDS_MAX = 4,
	/* With less than this for each, there are fewer: connections would be
	 * given up in one while there is room in another. */
	MD_SHARD_SIZE_MIN = 1 << 22,
};

/*
 * To let several threads work on one capture, a dissector has shards, each of
 * which follows some of the connections and knows nothing of the others.  What
 * comes out does not depend on how many threads there are, or whether there are
 * any: how many shards there are does not, and what they tell is put in order.
 *
 *     frames -> md_frame -> parcels, by shard -> md_open -> events -> md_settle
 *
 * Without belts, md_frame does all of this itself.  With them it only finds
 * the shard that a segment is for, and tells the caller; so does each shard with
 * what happens in it.  It is for the caller then to bring parcels to md_open, of
 * each shard in the order in which they came, and events to md_settle, in the
 * order of md_moment_before.  md_frame may be at work in one thread, md_open in
 * others, but in one at a time for one shard, and md_settle in yet another, but
 * in one at a time.  The hooks that give meaning (client_hello, server_hello,
 * certificate) are then called from within md_open, perhaps of several shards
 * at a time; `judged`, `over` and `sighting` from within md_settle.
 */

/* struct md_moment is when something happens, of a capture: at which frame, and
 * in which order there. */
struct md_moment {
	uint64_t frame; /* its number, from 1 */
	int64_t now_us; /* the latest packet time by then */
	/* What is due only because time has passed comes first. */
	enum md_phase {
		MD_WAITED, /* for bytes that did not come */
		MD_IDLE,   /* for too long */
		MD_FRAME,  /* by what is in the frame itself */
	} phase;
	int64_t rank_us; /* since when, of the first two */
};

/* struct md_parcel is a segment on its way to a shard, or that time has come to
 * see what is due there.  `payload` is borrowed. */
struct md_parcel {
	bool tick; /* then only `frame` and `now_us` have a meaning */
	uint64_t frame;
	int64_t now_us, time_us;
	uint8_t ip[2][16]; /* source, destination; as in struct endpoint */
	uint8_t mac[2][6];
	bool has_mac[2];
	bool ipv6;
	uint8_t flags;
	uint16_t port[2];
	uint32_t seq, ack;
	uint32_t missing; /* bytes of the payload that were not captured */
	struct bytes payload;
};

/* struct md_hello is by what the same connection is known elsewhere. */
struct md_hello {
	uint64_t random; /* a digest of the client's */
	int64_t time_us;
	uint8_t client[16];
	bool ipv6;
	uint16_t server_port;
};

/* struct md_event is what a shard has to tell, or what was heard (a sighting);
 * what it points at is borrowed, and the hooks may change `connection`. */
struct md_event {
	enum md_happening {
		MD_SIGHTING,
		MD_HELLO,
		MD_JUDGED,
		MD_OVER,
		MD_GONE, /* over, and nobody was told: it was no mail */
	} what;
	struct md_moment when;
	uint32_t place;  /* of the connection: no other has it as long as
	                          that one is open */
	uint64_t number; /* of the connection: no other of its place has it */
	struct connection *connection;   /* MD_JUDGED, MD_OVER */
	const struct md_hello *hello;    /* MD_HELLO */
	const struct sighting *sighting; /* MD_SIGHTING */
};

/* struct md_belts takes parcels and events away.  `shard` is the one that they
 * are for, or from; sightings are from none, MD_SHARDS_MAX. */
struct md_belts {
	void *arg;
	void (*parcel)(
	    void *arg, unsigned shard, const struct md_parcel *parcel);
	void (*event)(void *arg, unsigned shard, const struct md_event *event);
};

struct md_config {
	uint8_t mail_ports[MD_PORT_MAP_LEN];
	/* Any number; one that nobody else knows keeps others from sending
	 * packets that are slow to look up. */
	uint64_t seed;
	/* Look for mail on all other ports as well; see dissect/stranger.h. */
	bool any_port;
	bool sightings; /* look at ARP, ND, DHCP, DNS, mDNS, LLMNR, NetBIOS */
	/* Have shards, if the memory is enough for them.  With `any_port` there
	 * are none: which frames are looked at depends on all connections. */
	bool sharded;
	struct md_hooks hooks;
};

/* md_default_ports sets the ports that mail is known to use, and no others:
 * 24, 25, 110, 143, 465, 587, 993, 995, 2525, 4190. */
void md_default_ports(uint8_t ports[MD_PORT_MAP_LEN]);

/* md_name_ports sets the UDP ports that sightings are heard on, and no
 * others. */
void md_name_ports(uint8_t ports[MD_PORT_MAP_LEN]);

/*
 * md_taken_ports sets the TCP ports that something else than mail is known for
 * (HTTPS, SSH, file servers), and no others.  With `any_port`, mail is found
 * there only by what says that it is mail, so where frames are dear these are
 * the ones to leave out.
 */
void md_taken_ports(uint8_t ports[MD_PORT_MAP_LEN]);

/*
 * md_init makes a dissector of the `size` bytes at `block`, aligned as malloc
 * does, and copies `config`.  It returns NULL when `size` is below
 * MD_SIZE_MIN.  The dissector ends with its block; there is nothing to free.
 */
struct md *md_init(void *block, size_t size, const struct md_config *config);

/* md_link_known is frame_link_known. */
bool md_link_known(int link);

/*
 * md_frame takes in one frame of link type `link`, seen at `time_us`, of
 * which `frame` is what was captured and `wire_len` what there was.
 *
 * It returns whether the frame may be kept: it belongs to the handshake of a
 * connection that was seen from its beginning, that is known to be mail, and
 * shows nothing that is private.  These frames together, as a capture, give the
 * same TLS.
 */
bool md_frame(struct md *md, int link, int64_t time_us, struct bytes frame,
    size_t wire_len);

/*
 * md_doubt tells of the last frame, if md_frame has returned false, whether it
 * may be kept as soon as a later one of its connection may.  With `any_port`,
 * `*out` is the number of the connection on another port than mail's that the
 * frame belongs to, else 0.
 */
bool md_doubt(const struct md *md, uint64_t *out);

/* struct md_opening is who opens a connection to whom, by enum side. */
struct md_opening {
	bool ipv6;
	uint8_t ip[2][16]; /* as in struct endpoint */
	uint16_t port[2];
};

/* md_opening tells whether `frame` has the SYN that opens a TCP connection, and
 * fills in `*out`.  It remembers nothing. */
bool md_opening(int link, struct bytes frame, struct md_opening *out);

/* md_tick lets `time_us` pass without a frame, so that live capture judges
 * and ends what is due. */
void md_tick(struct md *md, int64_t time_us);

/* md_end ends every connection that is open, in order of its first packet.  Of
 * belts, all must have arrived. */
void md_end(struct md *md);

/* md_shards returns how many shards there are, 1 if there are none. */
unsigned md_shards(const struct md *md);

/*
 * md_use_belts has md_frame and shards use `belts`, which is borrowed, from now
 * on, or none any more, if that is NULL.  There must be more than one shard, and
 * nothing on its way.  md_frame then never says that a frame may be kept.
 */
void md_use_belts(struct md *md, const struct md_belts *belts);

/* md_open lets `parcel` come to its shard, md_settle an event to the hooks. */
void md_open(struct md *md, unsigned shard, const struct md_parcel *parcel);
void md_settle(struct md *md, const struct md_event *event);

/* md_moment_before tells whether `a` comes before `b`; of several that do not,
 * from several shards, the lowest shard's comes first. */
bool md_moment_before(const struct md_moment *a, const struct md_moment *b);

/*
 * md_may_be_mail tells, in the hook of a ClientHello and once `by_name` is
 * filled in, whether a connection on another port may be mail: else it is about
 * to be dropped, and needs no meaning.
 */
bool md_may_be_mail(const struct connection *c);

struct md_stats md_statistics(const struct md *md);

#endif
