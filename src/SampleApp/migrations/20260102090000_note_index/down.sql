DROP INDEX notes_deleted;
DROP INDEX notes_of_user;
