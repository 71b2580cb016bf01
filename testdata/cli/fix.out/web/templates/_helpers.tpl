{{- define "web.pod" -}}
securityContext:
  seccompProfile:
    type: RuntimeDefault
# The same for pages and worker.
containers:
  - name: {{ .name }}
    image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag }}"
    ports:
      - name: http
        containerPort: 8080
    resources:
      limits: {cpu: 100m, memory: 64Mi}
      requests: {cpu: 100m, memory: 64Mi}
    securityContext:
      {{- toYaml .root.Values.securityContext | nindent 6 }}
{{- end }}
