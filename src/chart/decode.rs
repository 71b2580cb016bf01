//! From a YAML node to `Chart.yaml`'s fields, as encoding/json decodes into Go's structs.
