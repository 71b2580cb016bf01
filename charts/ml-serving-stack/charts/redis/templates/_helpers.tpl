{{- define "redis.fullname" -}}
{{- printf "%s-redis" .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "redis.selectorLabels" -}}
app.kubernetes.io/name: redis
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The registry that all charts of a release share wins over this chart's own. */}}
{{- define "redis.image" -}}
{{- $registry := .Values.image.registry }}
{{- with .Values.global }}
{{- $registry = .imageRegistry | default $registry }}
{{- end }}
{{- printf "%s/%s:%s" $registry .Values.image.repository .Values.image.tag }}
{{- end }}
