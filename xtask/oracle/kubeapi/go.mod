module kubeapi

go 1.24
