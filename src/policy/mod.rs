//! What a rule is and how rules run.
