{{/* The name of this release's objects; the Service alone has a fixed one. */}}
{{- define "mini-service.fullname" -}}
{{- printf "%s-server" .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "mini-service.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "mini-service.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "mini-service.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* What the Restricted Pod Security Standard asks of a pod. */}}
{{- define "mini-service.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* What it asks of a container, and a root file system that cannot be written. */}}
{{- define "mini-service.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{/* Requests equal to limits, a resource without an amount left out. */}}
{{- define "mini-service.resources" -}}
{{- range $kind := list "limits" "requests" }}
{{ $kind }}:
  {{- range $name, $amount := $.Values.resources }}
  {{- with $amount }}
  {{ $name }}: {{ . | quote }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}
