-- PostgreSQL's quote index: one row a turn (a very long turn has several), derived from calls and readings. SQLite has
-- no such table, because one machine keeps its index in files beside the database.
CREATE TABLE turns (
    call_id     {{text}} NOT NULL,
    passage     BIGINT NOT NULL,           -- counted from 0 within the call
    turn        BIGINT NOT NULL,
    happened_on {{text}} NOT NULL,         -- local date of the call; empty where nobody knows
    account     {{text}} NOT NULL,
    deal        {{text}} NOT NULL,
    speaker     {{text}} NOT NULL,
    side        {{text}} NOT NULL,
    kinds       {{text}} NOT NULL,         -- kinds of the findings in it, with a space between
    language    {{text}} NOT NULL,
    shown       {{text}} NOT NULL,         -- JSON of the passage as it is shown, so that any character survives
    words       tsvector NOT NULL,         -- the program's own words, stems and filters; PostgreSQL parses no speech
    PRIMARY KEY (call_id, passage)
);
CREATE INDEX turns_by_words ON turns USING gin (words);
CREATE INDEX turns_by_date ON turns (happened_on DESC, call_id, passage);
