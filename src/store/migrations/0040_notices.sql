-- What people were told of a handoff: a row is written once, in the transaction that owes the sending of it, so that
-- nothing is told twice. It holds no words of a call and nobody's name.
CREATE TABLE notices (
    id       {{text}} PRIMARY KEY,         -- UUIDv7; the id of the message on every channel
    deal_id  {{text}} NOT NULL REFERENCES deals (id),
    key      {{text}} NOT NULL,            -- what happened, and when it was due or which decision it was
    body     {{text}} NOT NULL,            -- JSON of the notice
    made_at  {{text}} NOT NULL,
    UNIQUE (deal_id, key)
);
