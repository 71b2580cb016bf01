//! Conversions between kinds as `github.com/spf13/cast` and sprig's own helpers do them.
