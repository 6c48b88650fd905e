-- The store's schema, and its data dictionary. One text serves SQLite and PostgreSQL: {{text}} is TEXT that sorts by
-- code point on both, {{bytes}} is BLOB or BYTEA. Times are RFC 3339 in UTC with six decimals, so that they sort as
-- text. JSON is text, written and read by the program alone. Numbers are BIGINT, flags 0 or 1.

-- The one counter behind the change sequence. Whoever raises it holds the row until commit, so that numbers become
-- visible in their order and a reader that has seen 7 will never meet a late 6.
CREATE TABLE heads (
    name  {{text}} PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO heads (name, value) VALUES ('change', 0);

-- A deal and the customer it is with.
CREATE TABLE deals (
    id         {{text}} PRIMARY KEY,
    account    {{text}} NOT NULL,          -- the customer's name; empty until somebody tells
    meta       {{text}} NOT NULL,          -- JSON of a deal.json
    revision   BIGINT NOT NULL,            -- rises by one with every edit: what an ETag is made of
    created_at {{text}} NOT NULL,
    updated_at {{text}} NOT NULL
);
CREATE INDEX deals_by_account ON deals (account, id);

-- The bytes that were delivered, sealed under their SHA-256. Never updated; two deliveries of the same bytes share a row.
CREATE TABLE sources (
    digest      {{text}} PRIMARY KEY,      -- SHA-256, 64 hexadecimal digits
    bytes       {{bytes}} NOT NULL,
    received_at {{text}} NOT NULL
);

-- A recorded call, as its newest transcript tells it.
CREATE TABLE calls (
    id          {{text}} PRIMARY KEY,      -- the recorder's id, or a UUIDv7 where the recorder gave none
    deal_id     {{text}} REFERENCES deals (id),
    version     BIGINT NOT NULL,           -- the newest version, which draft and index rest on
    title       {{text}},
    happened_at {{text}} NOT NULL,         -- when the call began, or when it arrived where nobody knows
    meta        {{text}} NOT NULL,         -- JSON of a call.json
    state       {{text}} NOT NULL,         -- 'received', 'read', 'unreadable'
    reason      {{text}},                  -- why it is unreadable
    revision    BIGINT NOT NULL,
    received_at {{text}} NOT NULL
);
CREATE INDEX calls_by_time ON calls (happened_at, id);
CREATE INDEX calls_by_deal ON calls (deal_id, happened_at, id);

-- Every transcript that was delivered for a call. A corrected one replaces the one before for draft and index; the one
-- before stays. The same bytes for the same call are one version, however often they come.
CREATE TABLE call_versions (
    call_id     {{text}} NOT NULL REFERENCES calls (id),
    version     BIGINT NOT NULL,           -- counted from 1
    source      {{text}} NOT NULL REFERENCES sources (digest),
    format      {{text}},                  -- as recognised; empty until the transcript was read
    received_at {{text}} NOT NULL,
    PRIMARY KEY (call_id, version),
    UNIQUE (call_id, source)
);
CREATE INDEX call_versions_by_source ON call_versions (source);

-- What the rules found in one version of a call.
CREATE TABLE readings (
    call_id {{text}} NOT NULL,
    version BIGINT NOT NULL,
    rules   {{text}} NOT NULL,             -- digest of the rule set
    record  {{text}} NOT NULL,             -- JSON of `readback extract`
    read_at {{text}} NOT NULL,
    PRIMARY KEY (call_id, version),
    FOREIGN KEY (call_id, version) REFERENCES call_versions (call_id, version)
);

-- What a person corrected about who spoke and for whom. Appended, never rewritten: the last word of a person wins.
CREATE TABLE corrections (
    id      {{text}} PRIMARY KEY,          -- UUIDv7, so that the order is that of writing
    call_id {{text}} NOT NULL REFERENCES calls (id),
    author  {{text}} NOT NULL,
    body    {{text}} NOT NULL,             -- JSON of the correction
    made_at {{text}} NOT NULL
);
CREATE INDEX corrections_by_call ON corrections (call_id, id);

-- The newest draft of a deal's packet; derived from the tables above and rebuilt from them.
CREATE TABLE drafts (
    deal_id  {{text}} PRIMARY KEY REFERENCES deals (id),
    packet   {{text}} NOT NULL,            -- JSON
    ledger   {{text}} NOT NULL,            -- JSON
    through  BIGINT NOT NULL,              -- the change sequence that the draft covers
    revision BIGINT NOT NULL,
    made_at  {{text}} NOT NULL
);

-- When a call last changed in a way that an index or a draft must follow: one row a call, moved forward. The row of an
-- erased call stays behind, so that every index hears of it.
CREATE TABLE changes (
    call_id {{text}} PRIMARY KEY,
    seq     BIGINT NOT NULL UNIQUE
);

-- How far each index that lives in the database has read. An index on disk keeps this in its own commits.
CREATE TABLE watermarks (
    name    {{text}} PRIMARY KEY,
    through BIGINT NOT NULL
);

-- Work that is still owed. A job is written in the transaction that makes it due and removed when it is done.
CREATE TABLE jobs (
    id           {{text}} PRIMARY KEY,     -- UUIDv7
    kind         {{text}} NOT NULL,
    payload      {{text}} NOT NULL,        -- JSON
    dedupe_key   {{text}},                 -- of the jobs that wait under one key there is one
    state        {{text}} NOT NULL,        -- 'ready', 'running', 'dead'
    run_at       {{text}} NOT NULL,
    attempts     BIGINT NOT NULL,          -- counted when taken, so that a job which kills its worker counts too
    max_attempts BIGINT NOT NULL,
    lease_owner  {{text}},
    lease_token  BIGINT NOT NULL,          -- rises with every lease; only the newest may finish the job
    lease_until  {{text}},
    last_error   {{text}},
    created_at   {{text}} NOT NULL
);
CREATE UNIQUE INDEX jobs_waiting_once ON jobs (dedupe_key) WHERE state = 'ready';
CREATE INDEX jobs_by_key ON jobs (dedupe_key, state);
CREATE INDEX jobs_due ON jobs (state, run_at, id);

-- Keys to the programming interface. The secret itself is shown once and kept nowhere.
CREATE TABLE tokens (
    id         {{text}} PRIMARY KEY,
    digest     {{text}} NOT NULL UNIQUE,   -- SHA-256 of the secret
    name       {{text}} NOT NULL,
    role       {{text}} NOT NULL,
    created_at {{text}} NOT NULL,
    used_at    {{text}},
    revoked_at {{text}}
);

-- Answers to posts that carried an Idempotency-Key, written with the effect in one transaction and kept for 24 hours.
CREATE TABLE answers (
    token       {{text}} NOT NULL,
    route       {{text}} NOT NULL,
    key         {{text}} NOT NULL,
    body_digest {{text}} NOT NULL,         -- the same key with another body is a mistake of the sender
    status      BIGINT NOT NULL,
    body        {{text}} NOT NULL,
    made_at     {{text}} NOT NULL,
    PRIMARY KEY (token, route, key)
);
CREATE INDEX answers_by_age ON answers (made_at);

-- Files that no reader could read, kept until a person has looked.
CREATE TABLE set_aside (
    id     {{text}} PRIMARY KEY,           -- UUIDv7
    name   {{text}} NOT NULL,              -- the file's name as it was given: hostile text
    source {{text}} NOT NULL REFERENCES sources (digest),
    reason {{text}} NOT NULL,
    at     {{text}} NOT NULL
);
