// RUN: xplat-opt --xplat-fuse-elementwise --split-input-file --mlir-print-debuginfo %s | FileCheck %s
// RUN: xplat-opt --xplat-fuse-elementwise=max-inputs=2 --split-input-file %s | FileCheck %s --check-prefix=TWO

// The documentation's example.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[X:[a-z0-9]*]]: tensor<1x4xf32> {{.*}}, %[[Y:[a-z0-9]*]]: tensor<1x4xf32>
// CHECK-NOT: xplat.splat
// CHECK: %[[F:.*]] = xplat.fused %[[X]], %[[Y]] {
// CHECK: ^bb0(%[[A:[a-z0-9]*]]: f32 {{.*}}, %[[B:[a-z0-9]*]]: f32
// CHECK: %[[H:.*]] = arith.constant 5.000000e-01 : f32
// CHECK: %[[S:.*]] = arith.addf %[[A]], %[[B]]
// CHECK: %[[M:.*]] = arith.mulf %[[S]], %[[H]]
// CHECK: %[[Z:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[R:.*]] = arith.maximumf %[[M]], %[[Z]]
// CHECK: xplat.yield %[[R]] : f32
// CHECK: return %[[F]]
func.func @forward(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.add %x, %y : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.splat 0.5 : tensor<1x4xf32>
  %2 = xplat.mul %0, %1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %3 = xplat.relu %2 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %3 : tensor<1x4xf32>
}

// -----

// The name, the range and the requested format of the last; a result that two of the chain read is computed once.
// CHECK: #[[$B:.*]] = loc("block.square")
// CHECK: #[[$A:.*]] = loc("block.tanh")
// CHECK: #[[$LOC:.*]] = loc(fused[#[[$B]], #[[$A]]])
// CHECK-LABEL: func.func @names
// CHECK: xplat.fused %{{.*}} {
// CHECK: %[[T:.*]] = math.tanh
// CHECK: arith.mulf %[[T]], %[[T]]
// CHECK: } {absmax = 2.000000e+00 : f64, quantization = #xplat.quantization<value = i4>} : (tensor<4xf32>) -> tensor<4xf32> loc(#[[$LOC]])
func.func @names(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = xplat.tanh %x {absmax = 1.0 : f64} : tensor<4xf32> -> tensor<4xf32> loc("block.tanh")
  %1 = xplat.mul %0, %0 {absmax = 2.0 : f64, quantization = #xplat.quantization<value = i4>} : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32> loc("block.square")
  return %1 : tensor<4xf32>
}

// -----

// One node alone; integers; a result that others read; a format of its own; no streams at all.
// CHECK-LABEL: func.func @stay
// CHECK-NOT: xplat.fused
func.func @stay(%x: tensor<4xf32>, %n: tensor<4xi64>) -> (tensor<4xf32>, tensor<4xi64>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = xplat.relu %x : tensor<4xf32> -> tensor<4xf32>
  %1 = xplat.softmax %0 dim 0 : tensor<4xf32> -> tensor<4xf32>
  %2 = xplat.add %n, %n : tensor<4xi64>, tensor<4xi64> -> tensor<4xi64>
  %3 = xplat.mul %2, %2 : tensor<4xi64>, tensor<4xi64> -> tensor<4xi64>
  %4 = xplat.exp %1 : tensor<4xf32> -> tensor<4xf32>
  %5 = xplat.neg %4 : tensor<4xf32> -> tensor<4xf32>
  %6 = xplat.softmax %4 dim 0 : tensor<4xf32> -> tensor<4xf32>
  %7 = xplat.exp %6 {quantization = #xplat.quantization<value = i8>} : tensor<4xf32> -> tensor<4xf32>
  %8 = xplat.neg %7 : tensor<4xf32> -> tensor<4xf32>
  %9 = xplat.splat 1.0 : tensor<4xf32>
  return %1, %3, %5, %8, %9 : tensor<4xf32>, tensor<4xi64>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// A number alone joins the node that reads it; streams are limited.
// CHECK-LABEL: func.func @three
// CHECK: xplat.fused %{{.*}}, %{{.*}}, %{{.*}} {
// CHECK: xplat.fused %{{.*}} {
// TWO-LABEL: func.func @three
// TWO: %[[S:.*]] = xplat.add
// TWO: xplat.mul %[[S]], %{{.*}}
// TWO: xplat.softmax
// TWO: xplat.fused %{{.*}} {
func.func @three(%x: tensor<4xf32>, %y: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %0 = xplat.add %x, %y : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %1 = xplat.mul %0, %z : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %2 = xplat.softmax %1 dim 0 : tensor<4xf32> -> tensor<4xf32>
  %3 = xplat.splat 0.125 : tensor<4xf32>
  %4 = xplat.mul %2, %3 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// -----

// A number with a requested format does not become a constant of the body. A request for f32 does not count. The request
// of the result stays, also where the last node only keeps a format.
// CHECK-LABEL: func.func @requests
// CHECK: %[[C:.*]] = xplat.splat 3.000000e-01
// CHECK: xplat.mul %{{.*}}, %[[C]]
// CHECK: xplat.softmax
// CHECK: xplat.fused %{{.*}} {
// CHECK: math.exp
// CHECK: arith.maximumf
// CHECK: } {quantization = #xplat.quantization<value = f32>} : (tensor<4xf32>) -> tensor<4xf32>
func.func @requests(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = xplat.splat 0.3 {quantization = #xplat.quantization<value = !xplat.minifloat<2, 1>>} : tensor<4xf32>
  %1 = xplat.mul %x, %0 {quantization = #xplat.quantization<value = f32>} : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %2 = xplat.softmax %1 dim 0 : tensor<4xf32> -> tensor<4xf32>
  %3 = xplat.exp %2 {quantization = #xplat.quantization<value = f32>} : tensor<4xf32> -> tensor<4xf32>
  %4 = xplat.neg %3 {quantization = #xplat.quantization<value = f32>} : tensor<4xf32> -> tensor<4xf32>
  %5 = xplat.relu %4 : tensor<4xf32> -> tensor<4xf32>
  return %5 : tensor<4xf32>
}

// -----

// A ReLU that alone reads what another node computes stays: the value before it then needs a range for what the ReLU
// lets through only. One that follows an element-wise node, or whose operand has another reader, is part of the chain.
// CHECK-LABEL: func.func @selecting
// CHECK: %[[M:.*]] = xplat.softmax
// CHECK: %[[R:.*]] = xplat.relu %[[M]]
// CHECK: %[[F:.*]] = xplat.fused %[[R]] {
// CHECK-NOT: arith.maximumf
// CHECK: %[[N:.*]] = xplat.softmax
// CHECK: %[[G:.*]] = xplat.fused %[[N]] {
// CHECK: arith.maximumf
// CHECK: %[[H:.*]] = xplat.fused %{{.*}} {
// CHECK: arith.negf
// CHECK: arith.maximumf
// CHECK: return %[[F]], %[[G]], %[[H]]
func.func @selecting(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = xplat.softmax %x dim 0 : tensor<4xf32> -> tensor<4xf32>
  %1 = xplat.relu %0 : tensor<4xf32> -> tensor<4xf32>
  %a = xplat.exp %1 : tensor<4xf32> -> tensor<4xf32>
  %2 = xplat.add %a, %1 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %3 = xplat.softmax %2 dim 0 : tensor<4xf32> -> tensor<4xf32>
  %4 = xplat.relu %3 : tensor<4xf32> -> tensor<4xf32>
  %5 = xplat.add %4, %3 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %6 = xplat.neg %x : tensor<4xf32> -> tensor<4xf32>
  %7 = xplat.relu %6 : tensor<4xf32> -> tensor<4xf32>
  %8 = xplat.mul %7, %7 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %2, %5, %8 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// A node of several streams computes what is exact on fixed point. Other functions stay apart, as a chain of one stream
// each: the sum before a GELU, a gate.
// CHECK-LABEL: func.func @tables
// CHECK: %[[S:.*]] = xplat.add %{{.*}}, %{{.*}} :
// CHECK: %[[G:.*]] = xplat.gelu %[[S]] :
// CHECK: %[[T:.*]] = xplat.fused %{{[a-z0-9]*}} {
// CHECK: math.exp
// CHECK: arith.divf
// CHECK: %[[M:.*]] = xplat.fused %[[G]], %[[T]], %{{[a-z0-9]*}} {
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: arith.subf
// CHECK-NEXT: xplat.yield
// CHECK: return %[[M]]
func.func @tables(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = xplat.add %x, %y : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %1 = xplat.gelu %0 : tensor<4xf32> -> tensor<4xf32>
  %2 = xplat.splat 3.0 : tensor<4xf32>
  %3 = xplat.div %y, %2 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %4 = xplat.sigmoid %3 : tensor<4xf32> -> tensor<4xf32>
  %5 = xplat.mul %1, %4 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %6 = xplat.sub %5, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %6 : tensor<4xf32>
}

// -----

// A chain whose parts have functions of one stream, and that is one of it, is one node; a division of a sum by a power
// of two is exact.
// CHECK-LABEL: func.func @one_stream
// CHECK: %[[A:.*]] = xplat.fused %{{[a-z0-9]*}} {
// CHECK-DAG: math.exp
// CHECK-DAG: math.tanh
// CHECK: %[[B:.*]] = xplat.fused %{{[a-z0-9]*}}, %{{[a-z0-9]*}} {
// CHECK: arith.addf
// CHECK: arith.divf
// CHECK: return %[[A]], %[[B]]
func.func @one_stream(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = xplat.exp %x : tensor<4xf32> -> tensor<4xf32>
  %1 = xplat.tanh %x : tensor<4xf32> -> tensor<4xf32>
  %2 = xplat.mul %0, %1 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %3 = xplat.add %x, %y : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %4 = xplat.splat 2.0 : tensor<4xf32>
  %5 = xplat.div %3, %4 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %2, %5 : tensor<4xf32>, tensor<4xf32>
}
