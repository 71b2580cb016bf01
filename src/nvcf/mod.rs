//! What NVIDIA Cloud Functions itself does with a release, apart from what our rules say of it: [`reval`] is its judge
//! and first mender, [`agent`] what the cluster's agent and admission make of the objects afterwards.

pub mod agent;
pub mod reval;
