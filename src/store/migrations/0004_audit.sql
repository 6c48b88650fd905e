-- Who did what, in the order in which it became true: a trail that is only ever appended to. Each row's digest covers
-- its number, its body and the digest of the row before, so that a row which was edited, removed or moved is found by
-- reading the trail (`readback audit verify`). No row holds words of a call.
CREATE TABLE audit (
    number   BIGINT PRIMARY KEY,           -- counted from 1, without gaps
    at       {{text}} NOT NULL,
    action   {{text}} NOT NULL,
    -- The body. An erasure sets these five to NULL; what they were stays proven by `sealed`.
    entry    {{text}},                     -- UUIDv7, whose random bits keep `sealed` from being guessed
    actor    {{text}},
    deal     {{text}},                     -- empty where it was done to no deal
    target   {{text}},
    detail   {{text}},                     -- JSON
    sealed   {{text}} NOT NULL,            -- SHA-256 of the body
    previous {{text}} NOT NULL,            -- digest of the row before; of the first row, SHA-256 of nothing
    digest   {{text}} NOT NULL             -- SHA-256 of number, time, action, sealed and previous
);
CREATE INDEX audit_by_deal ON audit (deal, number);

-- The end of the trail: the number of its last row, and that row's digest. Whoever appends holds the row until commit.
ALTER TABLE heads ADD COLUMN digest {{text}};
INSERT INTO heads (name, value, digest)
VALUES ('audit', 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
