//! Rendered Kubernetes objects.
