-- What people decided about a deal: its lines reviewed, its handoff signed. Appended, never rewritten: taking a
-- decision back is another decision. What stands is folded from these rows in the order of seq.
CREATE TABLE decisions (
    deal_id {{text}} NOT NULL REFERENCES deals (id),
    seq     BIGINT NOT NULL,               -- counted from 1 within the deal, without holes: what an ETag is made of
    id      {{text}} NOT NULL UNIQUE,      -- UUIDv7
    room    {{text}} NOT NULL,             -- whose act it is: 'review', 'handoff'
    author  {{text}} NOT NULL,             -- who decided
    role    {{text}} NOT NULL,             -- as what
    body    {{text}} NOT NULL,             -- JSON of the act, with what the author saw
    made_at {{text}} NOT NULL,
    PRIMARY KEY (deal_id, seq)
);
