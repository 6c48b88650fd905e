-- What lists of many deals show of a draft, so that they need not read whole packets. Both are derived with the draft;
-- NULL where a program drafted that did not know them: the deal is then drafted again.
ALTER TABLE drafts ADD COLUMN glance {{text}};     -- JSON: how complete, the last call and what it changed
ALTER TABLE drafts ADD COLUMN promises {{text}};   -- JSON list of the promises
