//go:build tools

// Package tools pins what the test bed compiles.
package tools

import (
	_ "helm.sh/helm/v3/cmd/helm"
)
