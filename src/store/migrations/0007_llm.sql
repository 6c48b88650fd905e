-- What a model said and what it cost. Replies hold words of calls and go with their call; what was spent stays.

-- Replies by what was asked: the same prompt to the same model is never paid for twice.
CREATE TABLE llm_replies (
    key           {{text}} PRIMARY KEY,    -- SHA-256 of the model's name and the prompt's digest
    call_id       {{text}} NOT NULL,
    text          {{text}} NOT NULL,       -- the model's words: hostile text, never shown
    input_tokens  BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    made_at       {{text}} NOT NULL
);
CREATE INDEX llm_replies_by_call ON llm_replies (call_id);

-- How the model was heard about one version of a call; derived anew whenever the call is read.
CREATE TABLE llm_hearings (
    call_id  {{text}} NOT NULL,
    version  BIGINT NOT NULL,
    model    {{text}} NOT NULL,
    keys     {{text}} NOT NULL,            -- JSON list of the replies that the reading rests on
    failure  {{text}},                     -- why some reply is missing; empty where all were heard
    grounded BIGINT NOT NULL,              -- answers whose words stand in the call
    refused  {{text}} NOT NULL,            -- JSON list of answers that were refused: turn, kind and reason, no words
    heard_at {{text}} NOT NULL,
    PRIMARY KEY (call_id, version)
);
CREATE INDEX llm_hearings_by_age ON llm_hearings (heard_at);

-- What each hearing and each question cost. Amounts are millionths of a dollar by the price that was set then.
CREATE TABLE llm_spending (
    id            {{text}} PRIMARY KEY,    -- UUIDv7
    deal_id       {{text}},
    model         {{text}} NOT NULL,
    input_tokens  BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    micros        BIGINT NOT NULL,
    spent_at      {{text}} NOT NULL
);
CREATE INDEX llm_spending_by_age ON llm_spending (spent_at);
CREATE INDEX llm_spending_by_deal ON llm_spending (deal_id);
