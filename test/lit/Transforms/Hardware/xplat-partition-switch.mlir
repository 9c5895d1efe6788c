// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-partition="system=star max-utilization=1" | FileCheck %s

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>
xplat.param @w3 : tensor<16x16x!q>
xplat.param @w4 : tensor<16x16x!q>

// Four layers that read one result and fill a device each: through a switch it crosses to all of them at once.
// CHECK-LABEL: func.func @branches
// CHECK: xplat.host_input {{.*}}place = <@star::@a>
// CHECK: xplat.linear {{.*}}place = <@star::@[[P:.]]>
// CHECK: xplat.linear {{.*}}place = <@star::@
// CHECK-NOT: @[[P]]>
// CHECK: xplat.linear {{.*}}place = <@star::@
// CHECK: xplat.linear {{.*}}place = <@star::@
// CHECK: xplat.mapping @branches on @star
func.func @branches(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %0 weight @w2 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.linear %0 weight @w3 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %4 = xplat.linear %0 weight @w4 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %5 = xplat.add %1, %2 {config = #xplat.config<kernel = @add>} : tensor<1x16x!q>, tensor<1x16x!q> -> tensor<1x16x!q>
  %6 = xplat.add %3, %4 {config = #xplat.config<kernel = @add>} : tensor<1x16x!q>, tensor<1x16x!q> -> tensor<1x16x!q>
  %7 = xplat.add %5, %6 {config = #xplat.config<kernel = @add>} : tensor<1x16x!q>, tensor<1x16x!q> -> tensor<1x16x!q>
  %8 = xplat.host_output %7 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %8 : tensor<1x16xf32>
}
