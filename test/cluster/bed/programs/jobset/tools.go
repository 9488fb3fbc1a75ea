//go:build tools

// Package tools pins what the test bed compiles.
package tools

import (
	_ "sigs.k8s.io/jobset"
)
