package main

import (
	"fmt"
	"math/rand"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A pod that says anything that some check looks at, in some of its parts.
func anyPod(r *rand.Rand) *corev1.Pod {
	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}}
	spec := &pod.Spec
	for at := range r.Intn(3) {
		spec.InitContainers = append(spec.InitContainers, anyContainer(r, fmt.Sprintf("init%d", at)))
	}
	for at := range 1 + r.Intn(3) {
		spec.Containers = append(spec.Containers, anyContainer(r, fmt.Sprintf("main%d", at)))
	}
	if rarely(r) {
		common := corev1.EphemeralContainerCommon(anyContainer(r, "debug"))
		spec.EphemeralContainers = append(spec.EphemeralContainers, corev1.EphemeralContainer{EphemeralContainerCommon: common})
	}
	spec.HostNetwork, spec.HostPID, spec.HostIPC = rarely(r), rarely(r), rarely(r)
	if rarely(r) {
		spec.HostUsers = maybe(r)
	}
	if rarely(r) {
		spec.OS = &corev1.PodOS{Name: pick(r, corev1.Windows, corev1.Linux)}
	}
	for at := range r.Intn(3) {
		spec.Volumes = append(spec.Volumes, corev1.Volume{Name: fmt.Sprintf("v%d", at), VolumeSource: anySource(r)})
	}
	if often(r) {
		spec.SecurityContext = anyPodContext(r)
	}
	anyAnnotations(r, pod)
	return pod
}

func anyAnnotations(r *rand.Rand, pod *corev1.Pod) {
	set := func(key, value string) {
		if pod.Annotations == nil {
			pod.Annotations = map[string]string{}
		}
		pod.Annotations[key] = value
	}
	name := pick(r, "main0", "main1", "init0", "none")
	if rarely(r) {
		set("container.apparmor.security.beta.kubernetes.io/"+name, pick(r, "runtime/default", "localhost/a", "unconfined", "", "x\"y"))
	}
	if rarely(r) {
		set("seccomp.security.alpha.kubernetes.io/pod", pick(r, "runtime/default", "docker/default", "localhost/a", "unconfined", ""))
	}
	if rarely(r) {
		set("container.seccomp.security.alpha.kubernetes.io/"+name, pick(r, "runtime/default", "unconfined"))
	}
}

func anyPodContext(r *rand.Rand) *corev1.PodSecurityContext {
	context := &corev1.PodSecurityContext{RunAsNonRoot: maybe(r), RunAsUser: anyUser(r)}
	for range r.Intn(3) {
		name := pick(r, "kernel.shm_rmid_forced", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_rmem",
			"net.ipv4.tcp_notsent_lowat", "kernel.msgmax", "net/ipv4/tcp_syncookies", "")
		context.Sysctls = append(context.Sysctls, corev1.Sysctl{Name: name, Value: "1"})
	}
	context.SELinuxOptions, context.SeccompProfile = anySELinux(r), anySeccomp(r)
	context.AppArmorProfile, context.WindowsOptions = anyAppArmor(r), anyWindows(r)
	return context
}

func anyContainer(r *rand.Rand, name string) corev1.Container {
	container := corev1.Container{Name: name}
	for range r.Intn(2) {
		container.Ports = append(container.Ports, corev1.ContainerPort{ContainerPort: 80, HostPort: pick(r, int32(0), 80, 443, 8080)})
	}
	if rarely(r) {
		container.LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Host: anyHost(r)}}}
	}
	if rarely(r) {
		container.StartupProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Host: anyHost(r)}}}
	}
	if rarely(r) {
		container.Lifecycle = &corev1.Lifecycle{
			PostStart: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Host: anyHost(r)}},
			PreStop:   &corev1.LifecycleHandler{TCPSocket: &corev1.TCPSocketAction{Host: anyHost(r)}},
		}
	}
	if often(r) {
		container.SecurityContext = anyContext(r)
	}
	return container
}

func anyContext(r *rand.Rand) *corev1.SecurityContext {
	context := &corev1.SecurityContext{RunAsNonRoot: maybe(r), RunAsUser: anyUser(r), AllowPrivilegeEscalation: maybe(r)}
	if rarely(r) {
		context.Privileged = maybe(r)
	}
	if rarely(r) {
		mount := pick(r, corev1.DefaultProcMount, corev1.UnmaskedProcMount, "Other")
		context.ProcMount = &mount
	}
	if often(r) {
		context.Capabilities = &corev1.Capabilities{}
		for range r.Intn(3) {
			context.Capabilities.Add = append(context.Capabilities.Add, pick(r, corev1.Capability("NET_BIND_SERVICE"), "CHOWN", "SYS_ADMIN", "NET_RAW", "net_raw"))
		}
		for range r.Intn(3) {
			context.Capabilities.Drop = append(context.Capabilities.Drop, pick(r, corev1.Capability("ALL"), "all", "KILL"))
		}
	}
	context.SELinuxOptions, context.SeccompProfile = anySELinux(r), anySeccomp(r)
	context.AppArmorProfile, context.WindowsOptions = anyAppArmor(r), anyWindows(r)
	return context
}

func anySource(r *rand.Rand) corev1.VolumeSource {
	return pick(r,
		corev1.VolumeSource{},
		corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}},
		corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/"}},
		corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/"}, ConfigMap: &corev1.ConfigMapVolumeSource{}},
		corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: "a", Path: "/"}},
		corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: "a"}},
		corev1.VolumeSource{StorageOS: &corev1.StorageOSVolumeSource{}},
		corev1.VolumeSource{PortworxVolume: &corev1.PortworxVolumeSource{}, ScaleIO: &corev1.ScaleIOVolumeSource{}},
	)
}

func anySELinux(r *rand.Rand) *corev1.SELinuxOptions {
	if !rarely(r) {
		return nil
	}
	return &corev1.SELinuxOptions{
		Type: pick(r, "", "container_t", "container_engine_t", "spc_t"), User: pick(r, "", "", "u"), Role: pick(r, "", "", "r"), Level: "s0",
	}
}

func anySeccomp(r *rand.Rand) *corev1.SeccompProfile {
	if often(r) {
		return nil
	}
	return &corev1.SeccompProfile{Type: pick(r, corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeLocalhost, corev1.SeccompProfileTypeUnconfined)}
}

func anyAppArmor(r *rand.Rand) *corev1.AppArmorProfile {
	if !rarely(r) {
		return nil
	}
	return &corev1.AppArmorProfile{Type: pick(r, corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined, "Other")}
}

func anyWindows(r *rand.Rand) *corev1.WindowsSecurityContextOptions {
	if !rarely(r) {
		return nil
	}
	return &corev1.WindowsSecurityContextOptions{HostProcess: maybe(r)}
}

func anyUser(r *rand.Rand) *int64 {
	if often(r) {
		return nil
	}
	user := pick(r, int64(0), 1, 1000)
	return &user
}

func anyHost(r *rand.Rand) string { return pick(r, "", "127.0.0.1", "example.com", "a\"b") }

func maybe(r *rand.Rand) *bool {
	flag := r.Intn(2) == 0
	return pick(r, nil, &flag, &flag)
}

func rarely(r *rand.Rand) bool { return r.Intn(6) == 0 }
func often(r *rand.Rand) bool  { return r.Intn(3) != 0 }

func pick[T any](r *rand.Rand, items ...T) T { return items[r.Intn(len(items))] }
