-- A reading as the program has it in memory, so that a packet that nobody has opened since a restart need not read its
-- calls again. Derived from the sealed bytes, and read only where all that it rests on is the same.
ALTER TABLE readings ADD COLUMN inputs {{text}};   -- digest of metadata, deal, corrections, model, rules and program
ALTER TABLE readings ADD COLUMN held {{bytes}};    -- JSON, compressed
