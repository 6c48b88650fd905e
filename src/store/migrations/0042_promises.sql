-- The promises of the newest drafts, one row each, so that those of many deals are listed without reading their packets.
-- Derived with the draft and written in its transaction. Every deal is drafted again to have them.
CREATE TABLE promises (
    deal_id  {{text}} NOT NULL REFERENCES deals (id),
    place    BIGINT NOT NULL,              -- in the order of the ledger
    due      {{text}} NOT NULL,            -- the day; 'never' where nobody said one, which sorts behind every day
    status   {{text}} NOT NULL,
    category {{text}} NOT NULL,
    glance   {{text}} NOT NULL,            -- JSON: what a list shows of it
    entry    {{text}} NOT NULL,            -- JSON: the ledger's entry, with its deal and what people decided about it
    PRIMARY KEY (deal_id, place)
);
CREATE INDEX promises_by_due ON promises (due, deal_id, place);

-- Packets and ledgers are drawn anew whenever they are opened; nothing reads those that were kept.
ALTER TABLE drafts DROP COLUMN packet;
ALTER TABLE drafts DROP COLUMN ledger;
ALTER TABLE drafts DROP COLUMN promises;
ALTER TABLE drafts ADD COLUMN verdicts {{text}};   -- JSON list: what its review says of each rule
UPDATE drafts SET glance = NULL;
