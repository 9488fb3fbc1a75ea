//go:build tools

// Package tools pins what the test bed compiles.
package tools

import (
	_ "github.com/kubeflow/trainer/v2/cmd/trainer-controller-manager"
)
