DELETE FROM users WHERE password_hash = '!';
