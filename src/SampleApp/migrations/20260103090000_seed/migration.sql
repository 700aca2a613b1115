-- slipway: expand
-- People and notes to work with; nobody can log in as one of them, since no password has the hash '!'.
INSERT INTO users (email, password_hash)
SELECT 'person' || n || '@sample.invalid', '!' FROM generate_series(1, 5000) AS n;

INSERT INTO notes (user_id, title, body)
SELECT u.id, 'Note ' || n, md5(u.id::text || n) || ' ' || md5(n || u.email)
FROM users AS u CROSS JOIN generate_series(1, 12) AS n
WHERE u.password_hash = '!';
