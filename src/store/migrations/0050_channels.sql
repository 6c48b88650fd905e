-- By which channels people are told of the handoffs in this store, so that a process without any, or with others, owes the
-- messages to those who have them.
CREATE TABLE channels (
    name    {{text}} PRIMARY KEY,          -- 'webhook', 'slack', 'mail'
    seen_at {{text}} NOT NULL              -- when a process last said that it has it
);

-- Each channel's messages are work of their own kind.
UPDATE jobs SET kind = 'notify_webhook', payload = replace(payload, ' webhook', '')
WHERE kind = 'notify' AND dedupe_key LIKE '% webhook';
UPDATE jobs SET kind = 'notify_slack', payload = replace(payload, ' slack', '')
WHERE kind = 'notify' AND dedupe_key LIKE '% slack';
UPDATE jobs SET kind = 'notify_mail', payload = replace(payload, ' mail', '')
WHERE kind = 'notify' AND dedupe_key LIKE '% mail';
