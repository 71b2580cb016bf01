{{- define "overboard.labels" -}}
app.kubernetes.io/part-of: overboard
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* A pod's security as it should be; what goes overboard stands in the templates. */}}
{{- define "overboard.pod" -}}
runAsNonRoot: true
runAsUser: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "overboard.container" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "overboard.resources" -}}
limits:
  cpu: {{ .cpu | quote }}
  memory: {{ .memory }}
requests:
  cpu: {{ .cpu | quote }}
  memory: {{ .memory }}
{{- end }}
