{{/* The labels of everything, and of the pods of a part. */}}
{{- define "spread.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "spread.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag }}{{ end }}
{{- end }}
{{- end }}

{{/* Each revision has a folder of its own, so that no report of another is merged. */}}
{{- define "spread.folder" -}}
/reports/{{ .Release.Name }}-{{ .Release.Revision }}
{{- end }}

{{- define "spread.claim" -}}
{{ .Values.reports.claim | default (printf "%s-reports" .Release.Name) }}
{{- end }}

{{/* What both Jobs ask of a pod. */}}
{{- define "spread.pod" -}}
restartPolicy: Never
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
volumes:
  - name: home
    emptyDir: {}
  - name: reports
    persistentVolumeClaim:
      claimName: {{ include "spread.claim" . }}
  {{- with .Values.chartsClaim }}
  - name: charts
    persistentVolumeClaim:
      claimName: {{ . }}
      readOnly: true
  {{- end }}
  {{- with .Values.registrySecret }}
  - name: registry
    secret:
      secretName: {{ . }}
  {{- end }}
  {{- with .Values.cacheSecret }}
  - name: cache-key
    secret:
      secretName: {{ . }}
  {{- end }}
{{- end }}

{{- define "spread.container" -}}
image: {{ include "spread.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
resources:
  {{- toYaml .Values.resources | nindent 2 }}
volumeMounts:
  - name: home
    mountPath: /home/plimsoll
  - name: reports
    mountPath: /reports
  {{- if .Values.chartsClaim }}
  - name: charts
    mountPath: /charts
    readOnly: true
  {{- end }}
  {{- if .Values.registrySecret }}
  - name: registry
    mountPath: /registry
    readOnly: true
  {{- end }}
  {{- if .Values.cacheSecret }}
  - name: cache-key
    mountPath: /cache-key
    readOnly: true
  {{- end }}
{{- end }}

{{/* Where results are kept, and who may read private charts. */}}
{{- define "spread.env" -}}
- name: HOME
  value: /home/plimsoll
- name: TMPDIR
  value: /home/plimsoll
{{- if .Values.registrySecret }}
- name: HELM_REGISTRY_CONFIG
  value: /registry/config.json
{{- end }}
{{- if .Values.cacheSecret }}
- name: PLIMSOLL_CACHE_DIR
  value: /reports/cache
- name: PLIMSOLL_CACHE_KEY
  value: /cache-key/cache.key
{{- end }}
{{- end }}
