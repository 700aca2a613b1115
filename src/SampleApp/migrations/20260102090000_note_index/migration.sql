-- slipway: expand
CREATE INDEX notes_of_user ON notes (user_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX notes_deleted ON notes (deleted_at) WHERE deleted_at IS NOT NULL;
