// RUN: xplat-loop-order-test 1500 1 | FileCheck %s

// Of drawn nodes, orders of their loops and unroll factors: which orders are refused, and the prefixes of those that are
// not, against a walk step by step.
// CHECK: {{[0-9]+[0-9][0-9][0-9]}} orders equal, {{[0-9]+[0-9][0-9][0-9]}} of them with sums, {{[0-9]+[0-9][0-9][0-9]}} refused
