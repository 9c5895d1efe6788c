// RUN: xplat-opt %s -split-input-file -xplat-bind-kernels -verify-diagnostics

// Orders of loops that do not suit a node, and one that does: the factors make the steps of its walk.

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @outputs implements "xplat.linear" generated { cycles (1) latency (1) buffer (1) order (n, m, k) area }
xplat.param @w : tensor<4x8x!q>
func.func @results(%row: tensor<1x8x!q>, %rows: tensor<2x8x!q>) {
  %0 = xplat.linear %row weight @w {fixed = #xplat.config<kernel = @outputs>} : tensor<1x8x!q> -> tensor<1x4x!q>
  // expected-error@below {{which does not fit: its order (n, m, k) completes results by (n, m), but they travel by (m, n)}}
  %1 = xplat.linear %rows weight @w {fixed = #xplat.config<kernel = @outputs>} : tensor<2x8x!q> -> tensor<2x4x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @inputs implements "xplat.linear" generated { cycles (1) latency (1) buffer (1) order (k, m, n) area }
xplat.param @w : tensor<4x8x!q>
func.func @operand(%row: tensor<1x8x!q>, %rows: tensor<2x8x!q>) {
  %0 = xplat.linear %row weight @w {fixed = #xplat.config<kernel = @inputs, unroll = <1, 4, 1>>} : tensor<1x8x!q> -> tensor<1x4x!q>
  // expected-error@below {{its order (k, m, n) keeps sums, to which each operand beat is added in one step, as it comes; it takes the operand by (k, m), but that travels by (m, k)}}
  %1 = xplat.linear %rows weight @w {fixed = #xplat.config<kernel = @inputs, unroll = <1, 4, 1>>} : tensor<2x8x!q> -> tensor<2x4x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @rows implements "xplat.linear" generated { cycles (1) latency (1) buffer (1) order (m, k, n) area }
xplat.param @w : tensor<4x8x!q>
func.func @steps(%rows: tensor<2x8x!q>) {
  %0 = xplat.linear %rows weight @w {fixed = #xplat.config<kernel = @rows, unroll = <1, 4, 2>>} : tensor<2x8x!q> -> tensor<2x4x!q>
  // expected-error@below {{as it comes; loop 'n' takes it in 2 steps unless it is unrolled completely}}
  %1 = xplat.linear %rows weight @w {fixed = #xplat.config<kernel = @rows, unroll = <1, 2, 2>>} : tensor<2x8x!q> -> tensor<2x4x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @sums implements "xplat.matmul" generated { cycles (1) latency (1) buffer (1) order (b, m, k, n) area }
func.func @operands(%a: tensor<2x8x!q>, %b: tensor<8x4x!q>) {
  // expected-error@below {{as it comes; that is supported for one operand, not for 2}}
  %0 = xplat.matmul %a, %b {fixed = #xplat.config<kernel = @sums, unroll = <1, 1, 4, 1>>} : tensor<2x8x!q>, tensor<8x4x!q> -> tensor<2x4x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @pool implements "xplat.avg_pool2d" generated { cycles (1) latency (1) buffer (1) order (oh, ow, kh, kw, c) area }
func.func @windows(%x: tensor<1x4x1x8x!q>) {
  %0 = xplat.avg_pool2d %x window [1, 2] stride [1, 2] padding [0, 0] {fixed = #xplat.config<kernel = @pool>} : tensor<1x4x1x8x!q> -> tensor<1x4x1x4x!q>
  // expected-error@below {{as it comes; a step takes 2 beats}}
  %1 = xplat.avg_pool2d %x window [1, 2] stride [1, 2] padding [0, 0] {fixed = #xplat.config<kernel = @pool, unroll = <1, 1, 1, 1, 2>>} : tensor<1x4x1x8x!q> -> tensor<1x4x1x4x!q>
  // expected-error@below {{as it comes; but elements of the operand are used several times, or not at all}}
  %2 = xplat.avg_pool2d %x window [1, 2] stride [1, 1] padding [0, 0] {fixed = #xplat.config<kernel = @pool>} : tensor<1x4x1x8x!q> -> tensor<1x4x1x7x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @spread implements "xplat.conv_transpose2d" generated { cycles (1) latency (1) buffer (1) order (ih, iw, oc, kh, kw, ic) area }
xplat.param @w : tensor<3x2x2x2x!q>
func.func @overlaps(%x: tensor<1x3x4x4x!q>) {
  // expected-error@below {{its order (ih, iw, oc, kh, kw, ic) says nothing of this node, whose results are not sums over some of its loops}}
  %0 = xplat.conv_transpose2d %x weight @w stride [1, 1] padding [0, 0] groups 1 {fixed = #xplat.config<kernel = @spread>} : tensor<1x3x4x4x!q> -> tensor<1x2x5x5x!q>
  return
}

// -----

// Of a node whose factors are still to be chosen, what holds whatever they are.

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @outputs implements "xplat.linear" generated { cycles (1) latency (1) buffer (1) order (n, m, k) area }
xplat.param @w : tensor<4x8x!q>
func.func @unbound(%rows: tensor<2x8x!q>) {
  // expected-note@-3 {{kernel @outputs does not fit: its order (n, m, k) completes results by (n, m)}}
  // expected-error@below {{no kernel implements 'xplat.linear'}}
  %0 = xplat.linear %rows weight @w : tensor<2x8x!q> -> tensor<2x4x!q>
  return
}
