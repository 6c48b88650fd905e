-- What the papers of a deal need beside its calls: who hands over to whom, when, and what was agreed between them.
CREATE TABLE occasions (
    deal_id    {{text}} PRIMARY KEY REFERENCES deals (id),
    body       {{text}} NOT NULL,          -- JSON of an occasion
    revision   BIGINT NOT NULL,            -- rises by one with every edit: what an ETag is made of
    updated_at {{text}} NOT NULL
);

-- Links under which a customer reads the plan without an account. The secret itself is shown once and kept nowhere. A
-- row stays when its link is revoked or over: it tells for how long who could read.
CREATE TABLE shares (
    id         {{text}} PRIMARY KEY,       -- UUIDv7
    digest     {{text}} NOT NULL UNIQUE,   -- SHA-256 of the secret
    deal_id    {{text}} NOT NULL REFERENCES deals (id),
    made_by    {{text}} NOT NULL,          -- name of the token that made it
    created_at {{text}} NOT NULL,
    expires_at {{text}} NOT NULL,
    revoked_at {{text}},
    views      BIGINT NOT NULL,            -- how often the plan was opened
    viewed_at  {{text}}                    -- when it was opened last
);
CREATE INDEX shares_by_deal ON shares (deal_id, created_at, id);
