//! The defaults that validation goes by; what nobody validates is left out.
//!
//! Source: `SetDefaults_…` of k8s.io/kubernetes `pkg/apis/*/v1/defaults.go`.

use super::service::is_external;
use super::tree::Tree;
use crate::kubernetes::Quantity;

/// Go: `SetDefaults_PodSpec` and what stands below it
pub fn pod_spec(spec: &mut Tree, minor: u32) {
    if spec.str("serviceAccountName").is_empty() && !spec.str("serviceAccount").is_empty() {
        spec.set("serviceAccountName", spec.get("serviceAccount").clone());
    }
    spec.default_str("dnsPolicy", "ClusterFirst");
    spec.default_str("restartPolicy", "Always");
    spec.default("terminationGracePeriodSeconds", 30);
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for container in spec.list_mut(list) {
            self::container(container);
        }
    }
    for volume in spec.list_mut("volumes") {
        self::volume(volume, minor);
    }
    amounts(spec, "overhead");
}

/// Go: `defaultHostNetworkPorts`
fn host_ports(container: &mut Tree) {
    for port in container.list_mut("ports") {
        if port.int("hostPort").unwrap_or_default() == 0 && port.has("containerPort") {
            port.set("hostPort", port.get("containerPort").clone());
        }
    }
}

fn container(container: &mut Tree) {
    if container.str("imagePullPolicy").is_empty() {
        container.set("imagePullPolicy", pull_policy(container.str("image")).into());
    }
    container.default_str("terminationMessagePolicy", "File");
    for port in container.list_mut("ports") {
        port.default_str("protocol", "TCP");
    }
    for variable in container.list_mut("env") {
        if let Some(reference) = variable.get_mut("valueFrom").and_then(|from| from.get_mut("fieldRef")) {
            reference.default_str("apiVersion", "v1");
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = container.get_mut(name) {
            self::probe(probe);
        }
    }
    if let Some(lifecycle) = container.get_mut("lifecycle") {
        for name in ["postStart", "preStop"] {
            if let Some(handler) = lifecycle.get_mut(name) {
                http(handler);
            }
        }
    }
    if let Some(resources) = container.get_mut("resources") {
        amounts(resources, "limits");
        amounts(resources, "requests");
    }
}

/// Go: `SetDefaults_ResourceList`: nothing is finer than a thousandth.
fn amounts(tree: &mut Tree, field: &str) {
    if let Some(Tree::Map(entries)) = tree.get_mut(field) {
        for (_, value) in entries {
            if let Tree::Str(text) = value
                && let Some(rounded) = Quantity::parse(text).and_then(|amount| amount.to_thousandths())
            {
                *text = rounded;
            }
        }
    }
}

/// The policy that the tag of an image asks for.
fn pull_policy(image: &str) -> &'static str {
    let name = image.rsplit('/').next().unwrap_or(image);
    let has_digest = image.contains('@');
    let tag = name.split('@').next().and_then(|name| name.split_once(':')).map(|(_, tag)| tag);
    match tag {
        Some("latest") => "Always",
        None if !has_digest && !image.is_empty() => "Always",
        _ => "IfNotPresent",
    }
}

fn probe(probe: &mut Tree) {
    for (field, value) in
        [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
    {
        if probe.int(field).unwrap_or_default() == 0 {
            probe.set(field, value.into());
        }
    }
    http(probe);
}

fn http(handler: &mut Tree) {
    if let Some(action) = handler.get_mut("httpGet") {
        action.default_str("path", "/");
        action.default_str("scheme", "HTTP");
    }
}

/// Go: `SetDefaults_Volume`
fn volume(volume: &mut Tree, minor: u32) {
    let has_source = volume.entries().iter().any(|(key, value)| key != "name" && !value.is_null());
    if !has_source {
        volume.set("emptyDir", Tree::empty());
    }
    if let Some(image) = volume.get_mut("image")
        && minor >= 35
        && image.str("pullPolicy").is_empty()
    {
        image.set("pullPolicy", pull_policy(image.str("reference")).into());
    }
    field_references(volume.get_mut("downwardAPI"));
    for source in
        volume.get_mut("projected").map(|projected| projected.list_mut("sources")).unwrap_or_default()
    {
        field_references(source.get_mut("downwardAPI"));
        if let Some(token) = source.get_mut("serviceAccountToken") {
            token.default("expirationSeconds", 3600);
        }
    }
    if let Some(spec) =
        volume.get_mut("ephemeral").and_then(|ephemeral| ephemeral.get_mut("volumeClaimTemplate"))
    {
        claim_spec(spec.field_mut("spec"));
    }
}

fn field_references(downward: Option<&mut Tree>) {
    for item in downward.map(|downward| downward.list_mut("items")).unwrap_or_default() {
        if let Some(reference) = item.get_mut("fieldRef") {
            reference.default_str("apiVersion", "v1");
        }
    }
}

/// Go: `SetDefaults_Pod`
pub fn pod(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    pod_spec(spec, minor);
    if spec.is("hostNetwork") {
        for list in ["containers", "initContainers"] {
            for container in spec.list_mut(list) {
                host_ports(container);
            }
        }
    }
    if spec.int("terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0) {
        spec.set("terminationGracePeriodSeconds", 1.into());
    }
    for list in ["containers", "initContainers"] {
        for container in spec.list_mut(list) {
            if container.has("resources") && container.get("resources").has("limits") {
                let resources = container.field_mut("resources");
                let limits = resources.get("limits").clone();
                let requests = resources.field_mut("requests");
                for (name, value) in limits.entries() {
                    requests.default(name, value.clone());
                }
            }
        }
    }
}

/// The pods of a workload.
fn template(spec: &mut Tree, minor: u32) {
    pod_spec(spec.field_mut("template").field_mut("spec"), minor);
}

/// Go: `SetDefaults_Deployment`
pub fn deployment(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    spec.default("replicas", 1);
    spec.default("revisionHistoryLimit", 10);
    spec.default("progressDeadlineSeconds", 600);
    let strategy = spec.field_mut("strategy");
    strategy.default_str("type", "RollingUpdate");
    if strategy.str("type") == "RollingUpdate" {
        let rolling = strategy.field_mut("rollingUpdate");
        rolling.default("maxUnavailable", "25%");
        rolling.default("maxSurge", "25%");
    }
    template(spec, minor);
}

/// Go: `SetDefaults_DaemonSet`
pub fn daemon_set(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    let strategy = spec.field_mut("updateStrategy");
    strategy.default_str("type", "RollingUpdate");
    if strategy.str("type") == "RollingUpdate" {
        let rolling = strategy.field_mut("rollingUpdate");
        rolling.default("maxUnavailable", 1);
        rolling.default("maxSurge", 0);
    }
    template(spec, minor);
}

/// Go: `SetDefaults_StatefulSet`
pub fn stateful_set(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    spec.default_str("podManagementPolicy", "OrderedReady");
    let strategy = spec.field_mut("updateStrategy");
    if strategy.str("type").is_empty() {
        strategy.set("type", "RollingUpdate".into());
        strategy.field_mut("rollingUpdate");
    }
    if strategy.str("type") == "RollingUpdate"
        && let Some(rolling) = strategy.get_mut("rollingUpdate")
    {
        rolling.default("partition", 0);
        if minor >= 37 {
            rolling.default("maxUnavailable", 1);
        }
    }
    let retention = spec.field_mut("persistentVolumeClaimRetentionPolicy");
    retention.default_str("whenDeleted", "Retain");
    retention.default_str("whenScaled", "Retain");
    spec.default("replicas", 1);
    for template in spec.list_mut("volumeClaimTemplates") {
        claim_spec(template.field_mut("spec"));
        template.field_mut("status").default_str("phase", "Pending");
        // What a template says of its kind is not kept.
        template.remove("apiVersion");
        template.remove("kind");
    }
    template(spec, minor);
}

/// Go: `SetDefaults_ReplicaSet`
pub fn replica_set(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    spec.default("replicas", 1);
    template(spec, minor);
}

/// Go: `SetDefaults_ReplicationController`
pub fn replication_controller(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    spec.default("replicas", 1);
    let labels = spec.at(&["template", "metadata", "labels"]).clone();
    if spec.map("selector").is_empty() && !labels.is_null() {
        spec.set("selector", labels.clone());
    }
    if object.get("metadata").map("labels").is_empty() && !labels.is_null() {
        object.field_mut("metadata").set("labels", labels);
    }
    let spec = object.field_mut("spec");
    if spec.has("template") {
        template(spec, minor);
    }
}

/// Go: `SetDefaults_PodTemplate`
pub fn pod_template(object: &mut Tree, minor: u32) {
    template(object, minor);
}

/// Go: `SetDefaults_Job`
pub fn job(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    job_spec(spec, minor);
    if !spec.has("completions") && !spec.has("parallelism") {
        spec.set("completions", 1.into());
    }
    spec.default("parallelism", 1);
    spec.default("completionMode", "NonIndexed");
    let replacement = if spec.has("podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    if minor >= 29 {
        spec.default("podReplacementPolicy", replacement);
    }
}

fn job_spec(spec: &mut Tree, minor: u32) {
    template(spec, minor);
    if let Some(policy) = spec.get_mut("podFailurePolicy") {
        for rule in policy.list_mut("rules") {
            for condition in rule.list_mut("onPodConditions") {
                condition.default_str("status", "True");
            }
        }
    }
}

/// Go: `SetDefaults_CronJob`
pub fn cron_job(object: &mut Tree, minor: u32) {
    let spec = object.field_mut("spec");
    spec.default_str("concurrencyPolicy", "Allow");
    let job = spec.field_mut("jobTemplate").field_mut("spec");
    job_spec(job, minor);
    job.default("completionMode", "NonIndexed");
}

/// Go: `SetDefaults_Service`
pub fn service(object: &mut Tree, _minor: u32) {
    const THREE_HOURS: i64 = 10_800;
    let spec = object.field_mut("spec");
    spec.default_str("sessionAffinity", "None");
    if spec.str("sessionAffinity") == "None" {
        spec.remove("sessionAffinityConfig");
    }
    let timeout = spec.at(&["sessionAffinityConfig", "clientIP", "timeoutSeconds"]);
    if spec.str("sessionAffinity") == "ClientIP" && timeout.is_null() {
        let mut config = Tree::empty();
        config.field_mut("clientIP").set("timeoutSeconds", THREE_HOURS.into());
        spec.set("sessionAffinityConfig", config);
    }
    spec.default_str("type", "ClusterIP");
    for port in spec.list_mut("ports") {
        port.default_str("protocol", "TCP");
        if port.get("targetPort").is_zero() {
            port.set("targetPort", port.int("port").unwrap_or_default().into());
        }
    }
    if is_external(spec) {
        spec.default_str("externalTrafficPolicy", "Cluster");
    }
    if matches!(spec.str("type"), "NodePort" | "LoadBalancer" | "ClusterIP") {
        spec.default("internalTrafficPolicy", "Cluster");
    }
    if spec.str("type") == "LoadBalancer" {
        spec.default("allocateLoadBalancerNodePorts", true);
    }
}

/// Go: `SetDefaults_Namespace`
pub fn namespace(object: &mut Tree, _minor: u32) {
    let meta = object.field_mut("metadata");
    let name = meta.str("name").to_owned();
    if !name.is_empty() {
        meta.field_mut("labels").default_str("kubernetes.io/metadata.name", &name);
    }
}

/// Go: `SetDefaults_ValidatingAdmissionPolicySpec`
pub fn admission_policy(object: &mut Tree, _minor: u32) {
    object.field_mut("spec").default_str("failurePolicy", "Fail");
    matched_resources(object.field_mut("spec"), "matchConstraints");
}

/// What a binding narrows its policy to.
pub fn admission_binding(object: &mut Tree, _minor: u32) {
    matched_resources(object.field_mut("spec"), "matchResources");
}

/// Go: `SetDefaults_MatchResources`, `SetDefaults_Rule`
fn matched_resources(spec: &mut Tree, field: &str) {
    let Some(resources) = spec.get_mut(field) else { return };
    resources.default("matchPolicy", "Equivalent");
    for list in ["resourceRules", "excludeResourceRules"] {
        resources.list_mut(list).iter_mut().for_each(|rule| rule.default("scope", "*"));
    }
}

/// Go: `SetDefaults_FlowSchemaSpec`
pub fn flow_schema(object: &mut Tree, _minor: u32) {
    number(object.field_mut("spec"), "matchingPrecedence", 1000);
}

/// Go: `SetDefaults_LimitedPriorityLevelConfiguration`, `SetDefaults_QueuingConfiguration`
pub fn priority_level(object: &mut Tree, _minor: u32) {
    let Some(limited) = object.field_mut("spec").get_mut("limited") else { return };
    limited.default("nominalConcurrencyShares", 30);
    limited.default("lendablePercent", 0);
    if let Some(queuing) = limited.get_mut("limitResponse").and_then(|response| response.get_mut("queuing")) {
        number(queuing, "handSize", 8);
        number(queuing, "queues", 64);
        number(queuing, "queueLengthLimit", 50);
    }
}

/// A number that is not there or zero.
fn number(tree: &mut Tree, field: &str, value: i64) {
    if tree.int(field).unwrap_or_default() == 0 {
        tree.set(field, value.into());
    }
}

/// Go: `SetDefaults_Secret`, and what is given as text
pub fn secret(object: &mut Tree, _minor: u32) {
    object.default_str("type", "Opaque");
    let texts = object.get("stringData").clone();
    for (key, value) in texts.entries() {
        object.field_mut("data").set(key, value.clone());
    }
}

/// Go: `SetDefaults_PersistentVolume`
pub fn persistent_volume(object: &mut Tree, _minor: u32) {
    let spec = object.field_mut("spec");
    amounts(spec, "capacity");
    spec.default_str("persistentVolumeReclaimPolicy", "Retain");
    spec.default("volumeMode", "Filesystem");
}

/// Go: `SetDefaults_PersistentVolumeClaimSpec`
pub fn claim(object: &mut Tree, _minor: u32) {
    claim_spec(object.field_mut("spec"));
}

fn claim_spec(spec: &mut Tree) {
    spec.default("volumeMode", "Filesystem");
    if let Some(resources) = spec.get_mut("resources") {
        amounts(resources, "limits");
        amounts(resources, "requests");
    }
}

/// Go: `SetDefaults_CSIDriver`
pub fn csi_driver(object: &mut Tree, _minor: u32) {
    let spec = object.field_mut("spec");
    spec.default("attachRequired", true);
    for field in ["podInfoOnMount", "storageCapacity", "requiresRepublish"] {
        spec.default(field, false);
    }
    spec.default("fsGroupPolicy", "ReadWriteOnceWithFSType");
    if spec.list("volumeLifecycleModes").is_empty() {
        spec.set("volumeLifecycleModes", Tree::List(vec!["Persistent".into()]));
    }
}

/// Go: `SetDefaults_ExactDeviceRequest`, `SetDefaults_DeviceSubRequest`
pub fn resource_claim(object: &mut Tree, _minor: u32) {
    device_requests(object.field_mut("spec"));
}

/// The same in a template.
pub fn resource_claim_template(object: &mut Tree, _minor: u32) {
    device_requests(object.field_mut("spec").field_mut("spec"));
}

fn device_requests(spec: &mut Tree) {
    let one = |request: &mut Tree| {
        request.default_str("allocationMode", "ExactCount");
        if request.str("allocationMode") == "ExactCount" {
            request.default("count", 1);
        }
        for toleration in request.list_mut("tolerations") {
            toleration.default_str("operator", "Equal");
        }
    };
    let Some(devices) = spec.get_mut("devices") else { return };
    for request in devices.list_mut("requests") {
        request.get_mut("exactly").into_iter().for_each(one);
        request.list_mut("firstAvailable").iter_mut().for_each(one);
    }
}

/// Go: `SetObjectDefaults_PodCertificateRequest`
pub fn pod_certificate_request(object: &mut Tree, _minor: u32) {
    object.field_mut("spec").default("maxExpirationSeconds", 86_400);
}

/// Go: `SetDefaults_Endpoints`
pub fn endpoints(object: &mut Tree, _minor: u32) {
    for subset in object.list_mut("subsets") {
        for port in subset.list_mut("ports") {
            port.default_str("protocol", "TCP");
        }
    }
}

/// Go: `SetDefaults_EndpointPort` of discovery
pub fn endpoint_slice(object: &mut Tree, _minor: u32) {
    for port in object.list_mut("ports") {
        port.default_str("protocol", "TCP");
    }
}

/// Go: `SetDefaults_LimitRangeItem`
pub fn limit_range(object: &mut Tree, _minor: u32) {
    for limit in object.field_mut("spec").list_mut("limits") {
        if limit.str("type") != "Container" {
            continue;
        }
        for (from, to) in [("max", "default"), ("default", "defaultRequest"), ("min", "defaultRequest")] {
            let amounts = limit.get(from).clone();
            for (name, amount) in amounts.entries() {
                limit.field_mut(to).default(name, amount.clone());
            }
        }
    }
}

/// Go: `SetDefaults_RoleBinding`, `SetDefaults_Subject`
pub fn binding(object: &mut Tree, _minor: u32) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    object.field_mut("roleRef").default_str("apiGroup", GROUP);
    for subject in object.list_mut("subjects") {
        if matches!(subject.str("kind"), "User" | "Group") {
            subject.default_str("apiGroup", GROUP);
        }
    }
}

/// Go: `SetDefaults_NetworkPolicyPort`, `SetDefaults_NetworkPolicy`
pub fn network_policy(object: &mut Tree, _minor: u32) {
    for (direction, _) in [("ingress", "from"), ("egress", "to")] {
        for rule in object.field_mut("spec").list_mut(direction) {
            for port in rule.list_mut("ports") {
                port.default("protocol", "TCP");
            }
        }
    }
}

/// Go: `SetDefaults_IngressClass`
pub fn ingress_class(object: &mut Tree, _minor: u32) {
    if let Some(parameters) = object.field_mut("spec").get_mut("parameters") {
        parameters.default("scope", "Cluster");
    }
}

/// Go: `SetDefaults_StorageClass`
pub fn storage_class(object: &mut Tree, _minor: u32) {
    object.default("reclaimPolicy", "Delete");
    object.default("volumeBindingMode", "Immediate");
}

/// Go: `SetDefaults_PriorityClass`
pub fn priority_class(object: &mut Tree, _minor: u32) {
    object.default("preemptionPolicy", "PreemptLowerPriority");
}

/// Go: `SetDefaults_HorizontalPodAutoscaler`
pub fn autoscaler(object: &mut Tree, _minor: u32) {
    let spec = object.field_mut("spec");
    spec.default("minReplicas", 1);
    let Some(behavior) = spec.get_mut("behavior") else { return };
    for field in ["scaleUp", "scaleDown"] {
        let policy = Tree::Map(vec![
            ("type".to_owned(), "Percent".into()),
            ("value".to_owned(), 100.into()),
            ("periodSeconds".to_owned(), 15.into()),
        ]);
        let rules = behavior.field_mut(field);
        rules.default("policies", Tree::List(vec![policy]));
    }
}

/// Go: `SetDefaults_ValidatingWebhook`, `SetDefaults_ServiceReference`
pub fn webhooks(object: &mut Tree, _minor: u32) {
    for hook in object.list_mut("webhooks") {
        hook.default("failurePolicy", "Fail");
        hook.default("matchPolicy", "Equivalent");
        hook.default("timeoutSeconds", 10);
        service_port(hook.get_mut("clientConfig"));
    }
}

/// Go: `SetDefaults_APIService`
pub fn api_service(object: &mut Tree, _minor: u32) {
    service_port(object.get_mut("spec"));
}

fn service_port(owner: Option<&mut Tree>) {
    if let Some(service) = owner.and_then(|owner| owner.get_mut("service")) {
        service.default("port", 443);
    }
}
