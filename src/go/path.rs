//! Go's `path` and `path/filepath`: `Match`, `Base`, `Clean`, `Dir`, `Ext`.
