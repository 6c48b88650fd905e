-- A signed paper attached to a deal: an order form, a contract. The bytes are sealed among the sources; the text was read
-- out of them once, so that what is matched with promises stays the same. One that was attached by mistake is taken off,
-- never erased.
CREATE TABLE attachments (
    id          {{text}} PRIMARY KEY,      -- UUIDv7, so that the order is that of attaching
    deal_id     {{text}} NOT NULL REFERENCES deals (id),
    name        {{text}} NOT NULL,         -- the file's name as it was given: hostile text
    source      {{text}} NOT NULL REFERENCES sources (digest),
    content     {{text}} NOT NULL,         -- the text
    author      {{text}} NOT NULL,         -- who attached it
    attached_at {{text}} NOT NULL,
    removed_at  {{text}}                   -- when it was taken off
);
CREATE INDEX attachments_by_deal ON attachments (deal_id, id);
-- The same bytes are one paper of a deal, however often they come.
CREATE UNIQUE INDEX attachments_once ON attachments (deal_id, source) WHERE removed_at IS NULL;
