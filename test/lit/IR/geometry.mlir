// RUN: xplat-geometry-test %s | FileCheck %s

// What follows from the index maps of each node, against an enumeration of its iteration space.
// CHECK: {{[0-9]+}} values of {{[0-9]+}} nodes equal
xplat.param @p0 : tensor<4x8xf32>
xplat.param @p1 : tensor<4xf32>
xplat.param @p2 : tensor<6x8xf32>
xplat.param @p3 : tensor<6xf32>
xplat.param @p4 : tensor<4x6xf32>
xplat.param @p5 : tensor<6x4xf32>
xplat.param @p6 : tensor<4x4x3x3xf32>
xplat.param @p7 : tensor<8x4x1x1xf32>
xplat.param @p8 : tensor<6x2x3x2xf32>
xplat.param @p9 : tensor<6x2x2x2xf32>
xplat.param @p10 : tensor<4x3x7x7xf32>
xplat.param @p11 : tensor<4x2x1x1xf32>
xplat.param @p12 : tensor<4x2x1x3xf32>
xplat.param @p13 : tensor<4x4x1x1xf32>
xplat.param @p14 : tensor<2x2x3x3xf32>
xplat.param @p15 : tensor<3x2x2x3xf32>
xplat.param @p16 : tensor<3xf32>
xplat.param @p17 : tensor<8x1x4x4xf32>
xplat.param @p18 : tensor<4x3x2x1xf32>
xplat.param @p19 : tensor<4x2x4x2xf32>
xplat.param @p20 : tensor<4x3x3x4xf32>
xplat.param @p21 : tensor<3x3x3x2xf32>
xplat.param @p22 : tensor<6x1x4x1xf32>
xplat.param @p23 : tensor<1x2x1x4xf32>
xplat.param @p24 : tensor<3x2x2x4xf32>
xplat.param @p25 : tensor<2x3x4x4xf32>
xplat.param @p26 : tensor<8x1x3x3xf32>
xplat.param @p27 : tensor<1x1x3x4xf32>
xplat.param @p28 : tensor<3x2x4x3xf32>
xplat.param @p29 : tensor<3x1x1x1xf32>
xplat.param @p30 : tensor<4x1x3x3xf32>
xplat.param @p31 : tensor<6x1x5x3xf32>
xplat.param @p32 : tensor<8x1x1x1xf32>
xplat.param @p33 : tensor<8xf32>
xplat.param @p34 : tensor<1x1x3x3xf32>
xplat.param @p35 : tensor<2x1x2x4xf32>
xplat.param @p36 : tensor<2x1x3x2xf32>
xplat.param @p37 : tensor<3x1x4x3xf32>
xplat.param @p38 : tensor<4x1x4x4xf32>
xplat.param @p39 : tensor<4x2x2x2xf32>
xplat.param @p40 : tensor<2xf32>
xplat.param @p41 : tensor<4x3x3x3xf32>
xplat.param @p42 : tensor<2x2x1x1xf32>
xplat.param @p43 : tensor<10x6xf32>
xplat.param @p44 : tensor<2x8xf32>
xplat.param @p45 : tensor<3x4xf32>
xplat.param @p46 : tensor<1x3x4xf32>
xplat.param @p47 : tensor<1xf32>
xplat.param @p48 : tensor<1x6x3x4xf32>
xplat.param @p49 : tensor<2x3xf32>
xplat.param @p50 : tensor<2x4x2x3xf32>
xplat.param @p51 : tensor<2x4xf32>
xplat.param @p52 : tensor<1x2x3x2x4xf32>
xplat.param @p53 : tensor<f32>
func.func @nodes() {
  %t0 = xplat.splat 0.0 : tensor<f32>
  %t1 = xplat.splat 0.0 : tensor<6xf32>
  %t2 = xplat.splat 0.0 : tensor<2x8xf32>
  %t3 = xplat.splat 0.0 : tensor<1x3x4xf32>
  %t4 = xplat.splat 0.0 : tensor<1x6x3x4xf32>
  %t5 = xplat.splat 0.0 : tensor<2x4x2x3xf32>
  %t6 = xplat.splat 0.0 : tensor<1x2x3x2x4xf32>
  %t7 = xplat.splat 0.0 : tensor<8xf32>
  %t8 = xplat.splat 0.0 : tensor<1x8xf32>
  %t9 = xplat.splat 0.0 : tensor<3x8xf32>
  %t10 = xplat.splat 0.0 : tensor<2x3x6xf32>
  %t11 = xplat.splat 0.0 : tensor<1x2x3x4xf32>
  %t12 = xplat.splat 0.0 : tensor<1x4x7x4xf32>
  %t13 = xplat.splat 0.0 : tensor<1x4x6x6xf32>
  %t14 = xplat.splat 0.0 : tensor<1x4x6x5xf32>
  %t15 = xplat.splat 0.0 : tensor<1x6x5x5xf32>
  %t16 = xplat.splat 0.0 : tensor<1x3x9x9xf32>
  %t17 = xplat.splat 0.0 : tensor<1x2x1x1xf32>
  %t18 = xplat.splat 0.0 : tensor<1x2x1x8xf32>
  %t19 = xplat.splat 0.0 : tensor<1x2x3x3xf32>
  %t20 = xplat.splat 0.0 : tensor<1x2x2x1xf32>
  %t21 = xplat.splat 0.0 : tensor<1x2x4x7xf32>
  %t22 = xplat.splat 0.0 : tensor<1x3x5x8xf32>
  %t23 = xplat.splat 0.0 : tensor<1x4x1x3xf32>
  %t24 = xplat.splat 0.0 : tensor<1x6x6x7xf32>
  %t25 = xplat.splat 0.0 : tensor<1x3x2x4xf32>
  %t26 = xplat.splat 0.0 : tensor<1x2x7x3xf32>
  %t27 = xplat.splat 0.0 : tensor<1x2x4x1xf32>
  %t28 = xplat.splat 0.0 : tensor<1x2x3x1xf32>
  %t29 = xplat.splat 0.0 : tensor<1x3x5x7xf32>
  %t30 = xplat.splat 0.0 : tensor<1x2x7x6xf32>
  %t31 = xplat.splat 0.0 : tensor<1x1x5x8xf32>
  %t32 = xplat.splat 0.0 : tensor<1x2x6x4xf32>
  %t33 = xplat.splat 0.0 : tensor<1x1x4x5xf32>
  %t34 = xplat.splat 0.0 : tensor<1x6x7x7xf32>
  %t35 = xplat.splat 0.0 : tensor<1x8x4x4xf32>
  %t36 = xplat.splat 0.0 : tensor<1x1x6x6xf32>
  %t37 = xplat.splat 0.0 : tensor<1x3x4x8xf32>
  %t38 = xplat.splat 0.0 : tensor<1x2x8x4xf32>
  %t39 = xplat.splat 0.0 : tensor<1x2x8x2xf32>
  %t40 = xplat.splat 0.0 : tensor<1x3x7x5xf32>
  %t41 = xplat.splat 0.0 : tensor<1x4x5x5xf32>
  %t42 = xplat.splat 0.0 : tensor<1x4x3x2xf32>
  %t43 = xplat.splat 0.0 : tensor<1x1x1x1xf32>
  %t44 = xplat.splat 0.0 : tensor<1x6x1x4xf32>
  %t45 = xplat.splat 0.0 : tensor<1x4x3x4xf32>
  %t46 = xplat.splat 0.0 : tensor<1x4x3x3xf32>
  %t47 = xplat.splat 0.0 : tensor<1x2x4x2xf32>
  %t48 = xplat.splat 0.0 : tensor<3x4xf32>
  %t49 = xplat.splat 0.0 : tensor<4x6xf32>
  %t50 = xplat.splat 0.0 : tensor<6x4xf32>
  %t51 = xplat.splat 0.0 : tensor<2x3x4xf32>
  %t52 = xplat.splat 0.0 : tensor<2x4x5xf32>
  %t53 = xplat.splat 0.0 : tensor<1x2x4x5xf32>
  %t54 = xplat.splat 0.0 : tensor<1x2x5x4xf32>
  %t55 = xplat.splat 0.0 : tensor<1x2x3x2xf32>
  %t56 = xplat.splat 0.0 : tensor<1x2x3x6xf32>
  %t57 = xplat.splat 0.0 : tensor<1x1x3x3xf32>
  %t58 = xplat.splat 0.0 : tensor<2x2x2x2xf32>
  %t59 = xplat.splat 0.0 : tensor<2x1x3x2xf32>
  %t60 = xplat.splat 0.0 : tensor<2x2x2x3xf32>
  %t61 = xplat.splat 0.0 : tensor<5xi64>
  %t62 = xplat.splat 0.0 : tensor<1x4xi64>
  %t63 = xplat.splat 0.0 : tensor<2x3x2xi64>
  %t64 = xplat.splat 0.0 : tensor<1x4x2x3xf32>
  %t65 = xplat.splat 0.0 : tensor<1x24xf32>
  %t66 = xplat.splat 0.0 : tensor<2x6xf32>
  %t67 = xplat.splat 0.0 : tensor<1x6x4xf32>
  %t68 = xplat.splat 0.0 : tensor<4x1x6xf32>
  %t69 = xplat.splat 0.0 : tensor<1x6x2x2xf32>
  %t70 = xplat.splat 0.0 : tensor<1x4x3xf32>
  %t71 = xplat.splat 0.0 : tensor<1x5x1x1xf32>
  %t72 = xplat.splat 0.0 : tensor<2x3xf32>
  %t73 = xplat.splat 0.0 : tensor<4xf32>
  %t74 = xplat.splat 0.0 : tensor<1x4xf32>
  %t75 = xplat.splat 0.0 : tensor<3x1xf32>
  %t76 = xplat.splat 0.0 : tensor<1x4x1x1xf32>
  %t77 = xplat.splat 0.0 : tensor<2x1x3xf32>
  %t78 = xplat.splat 0.0 : tensor<3xf32>
  %t79 = xplat.splat 0.0 : tensor<4x8xf32>
  %t80 = xplat.splat 0.0 : tensor<1x4x4x5xf32>
  %t81 = xplat.splat 0.0 : tensor<2x3x8xf32>
  %t82 = xplat.splat 0.0 : tensor<2x4xf32>
  %t83 = xplat.splat 0.0 : tensor<1x2x2x3xf32>
  %t84 = xplat.splat 0.0 : tensor<1x3x2xf32>
  %t85 = xplat.splat 0.0 : tensor<1x4x2x2xf32>
  %t86 = xplat.splat 0.0 : tensor<2x3x2x2xf32>
  %t87 = xplat.splat 0.0 : tensor<1x1x3x1xf32>
  xplat.relu %t0 : tensor<f32> -> tensor<f32>
  xplat.add %t0, %t0 : tensor<f32>, tensor<f32> -> tensor<f32>
  xplat.relu %t1 : tensor<6xf32> -> tensor<6xf32>
  xplat.add %t1, %t1 : tensor<6xf32>, tensor<6xf32> -> tensor<6xf32>
  xplat.relu %t2 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.add %t2, %t2 : tensor<2x8xf32>, tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.relu %t3 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.add %t3, %t3 : tensor<1x3x4xf32>, tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.relu %t4 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.add %t4, %t4 : tensor<1x6x3x4xf32>, tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.relu %t5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.add %t5, %t5 : tensor<2x4x2x3xf32>, tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.relu %t6 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.add %t6, %t6 : tensor<1x2x3x2x4xf32>, tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.linear %t7 weight @p0 : tensor<8xf32> -> tensor<4xf32>
  xplat.linear %t7 weight @p0 bias @p1 : tensor<8xf32> -> tensor<4xf32>
  xplat.linear %t8 weight @p2 : tensor<1x8xf32> -> tensor<1x6xf32>
  xplat.linear %t8 weight @p2 bias @p3 : tensor<1x8xf32> -> tensor<1x6xf32>
  xplat.linear %t9 weight @p0 : tensor<3x8xf32> -> tensor<3x4xf32>
  xplat.linear %t9 weight @p0 bias @p1 : tensor<3x8xf32> -> tensor<3x4xf32>
  xplat.linear %t10 weight @p4 : tensor<2x3x6xf32> -> tensor<2x3x4xf32>
  xplat.linear %t10 weight @p4 bias @p1 : tensor<2x3x6xf32> -> tensor<2x3x4xf32>
  xplat.linear %t11 weight @p5 : tensor<1x2x3x4xf32> -> tensor<1x2x3x6xf32>
  xplat.linear %t11 weight @p5 bias @p3 : tensor<1x2x3x4xf32> -> tensor<1x2x3x6xf32>
  xplat.conv2d %t12 weight @p6 bias @p1 stride [1, 1] padding [1, 1] groups 1 : tensor<1x4x7x4xf32> -> tensor<1x4x7x4xf32>
  xplat.conv2d %t13 weight @p7 stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x6x6xf32> -> tensor<1x8x6x6xf32>
  xplat.conv2d %t14 weight @p8 bias @p3 stride [2, 1] padding [1, 0] groups 2 : tensor<1x4x6x5xf32> -> tensor<1x6x3x4xf32>
  xplat.conv2d %t15 weight @p9 stride [3, 3] padding [1, 1] groups 3 : tensor<1x6x5x5xf32> -> tensor<1x6x2x2xf32>
  xplat.conv2d %t16 weight @p10 stride [2, 2] padding [3, 3] groups 1 : tensor<1x3x9x9xf32> -> tensor<1x4x5x5xf32>
  xplat.conv2d %t17 weight @p11 stride [1, 1] padding [0, 0] groups 1 : tensor<1x2x1x1xf32> -> tensor<1x4x1x1xf32>
  xplat.conv2d %t18 weight @p12 stride [1, 1] padding [0, 1] groups 1 : tensor<1x2x1x8xf32> -> tensor<1x4x1x8xf32>
  xplat.conv2d %t13 weight @p13 stride [2, 2] padding [0, 0] groups 1 : tensor<1x4x6x6xf32> -> tensor<1x4x3x3xf32>
  xplat.conv2d %t19 weight @p14 stride [1, 1] padding [2, 2] groups 1 : tensor<1x2x3x3xf32> -> tensor<1x2x5x5xf32>
  xplat.conv2d %t20 weight @p15 bias @p16 stride [3, 1] padding [1, 2] groups 1 : tensor<1x2x2x1xf32> -> tensor<1x3x1x3xf32>
  xplat.conv2d %t21 weight @p17 stride [3, 1] padding [3, 1] groups 2 : tensor<1x2x4x7xf32> -> tensor<1x8x3x6xf32>
  xplat.conv2d %t22 weight @p18 bias @p1 stride [3, 2] padding [1, 0] groups 1 : tensor<1x3x5x8xf32> -> tensor<1x4x2x4xf32>
  xplat.conv2d %t23 weight @p19 bias @p1 stride [2, 3] padding [2, 0] groups 2 : tensor<1x4x1x3xf32> -> tensor<1x4x1x1xf32>
  xplat.conv2d %t24 weight @p20 stride [2, 3] padding [2, 3] groups 2 : tensor<1x6x6x7xf32> -> tensor<1x4x4x4xf32>
  xplat.conv2d %t25 weight @p21 bias @p16 stride [2, 1] padding [2, 1] groups 1 : tensor<1x3x2x4xf32> -> tensor<1x3x2x5xf32>
  xplat.conv2d %t26 weight @p22 stride [2, 2] padding [2, 0] groups 2 : tensor<1x2x7x3xf32> -> tensor<1x6x4x2xf32>
  xplat.conv2d %t27 weight @p23 stride [1, 1] padding [0, 2] groups 1 : tensor<1x2x4x1xf32> -> tensor<1x1x4x2xf32>
  xplat.conv2d %t28 weight @p24 stride [2, 1] padding [1, 2] groups 1 : tensor<1x2x3x1xf32> -> tensor<1x3x2x2xf32>
  xplat.conv2d %t29 weight @p25 stride [2, 2] padding [3, 0] groups 1 : tensor<1x3x5x7xf32> -> tensor<1x2x4x2xf32>
  xplat.conv2d %t30 weight @p26 stride [3, 3] padding [0, 1] groups 2 : tensor<1x2x7x6xf32> -> tensor<1x8x2x2xf32>
  xplat.conv2d %t31 weight @p27 stride [3, 1] padding [1, 2] groups 1 : tensor<1x1x5x8xf32> -> tensor<1x1x2x9xf32>
  xplat.conv2d %t32 weight @p28 bias @p16 stride [3, 2] padding [2, 0] groups 1 : tensor<1x2x6x4xf32> -> tensor<1x3x3x1xf32>
  xplat.conv2d %t33 weight @p29 bias @p16 stride [1, 3] padding [0, 0] groups 1 : tensor<1x1x4x5xf32> -> tensor<1x3x4x2xf32>
  xplat.depthwise_conv2d %t14 weight @p30 bias @p1 stride [1, 1] padding [1, 1] : tensor<1x4x6x5xf32> -> tensor<1x4x6x5xf32>
  xplat.depthwise_conv2d %t34 weight @p31 stride [2, 1] padding [2, 1] : tensor<1x6x7x7xf32> -> tensor<1x6x4x7xf32>
  xplat.depthwise_conv2d %t35 weight @p32 bias @p33 stride [1, 1] padding [0, 0] : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  xplat.depthwise_conv2d %t36 weight @p34 stride [1, 1] padding [1, 1] : tensor<1x1x6x6xf32> -> tensor<1x1x6x6xf32>
  xplat.depthwise_conv2d %t37 weight @p29 stride [1, 1] padding [0, 0] : tensor<1x3x4x8xf32> -> tensor<1x3x4x8xf32>
  xplat.max_pool2d %t37 window [1, 1] stride [1, 1] padding [0, 0] : tensor<1x3x4x8xf32> -> tensor<1x3x4x8xf32>
  xplat.avg_pool2d %t37 window [1, 1] stride [1, 1] padding [0, 0] : tensor<1x3x4x8xf32> -> tensor<1x3x4x8xf32>
  xplat.depthwise_conv2d %t38 weight @p35 stride [1, 3] padding [1, 0] : tensor<1x2x8x4xf32> -> tensor<1x2x9x1xf32>
  xplat.max_pool2d %t38 window [2, 4] stride [1, 3] padding [1, 0] : tensor<1x2x8x4xf32> -> tensor<1x2x9x1xf32>
  xplat.avg_pool2d %t38 window [2, 4] stride [1, 3] padding [1, 0] : tensor<1x2x8x4xf32> -> tensor<1x2x9x1xf32>
  xplat.depthwise_conv2d %t39 weight @p36 stride [3, 2] padding [1, 1] : tensor<1x2x8x2xf32> -> tensor<1x2x3x2xf32>
  xplat.max_pool2d %t39 window [3, 2] stride [3, 2] padding [1, 1] : tensor<1x2x8x2xf32> -> tensor<1x2x3x2xf32>
  xplat.avg_pool2d %t39 window [3, 2] stride [3, 2] padding [1, 1] : tensor<1x2x8x2xf32> -> tensor<1x2x3x2xf32>
  xplat.depthwise_conv2d %t40 weight @p37 stride [3, 2] padding [2, 1] : tensor<1x3x7x5xf32> -> tensor<1x3x3x3xf32>
  xplat.max_pool2d %t40 window [4, 3] stride [3, 2] padding [2, 1] : tensor<1x3x7x5xf32> -> tensor<1x3x3x3xf32>
  xplat.avg_pool2d %t40 window [4, 3] stride [3, 2] padding [2, 1] : tensor<1x3x7x5xf32> -> tensor<1x3x3x3xf32>
  xplat.depthwise_conv2d %t41 weight @p38 stride [1, 2] padding [0, 1] : tensor<1x4x5x5xf32> -> tensor<1x4x2x2xf32>
  xplat.max_pool2d %t41 window [4, 4] stride [1, 2] padding [0, 1] : tensor<1x4x5x5xf32> -> tensor<1x4x2x2xf32>
  xplat.avg_pool2d %t41 window [4, 4] stride [1, 2] padding [0, 1] : tensor<1x4x5x5xf32> -> tensor<1x4x2x2xf32>
  xplat.conv2d %t13 weight @p6 stride [1, 1] padding [2, 1, 0, 0] dilation [2, 2] groups 1 : tensor<1x4x6x6xf32> -> tensor<1x4x4x3xf32>
  xplat.max_pool2d %t40 window [3, 3] stride [2, 2] padding [0, 0, 1, 2] : tensor<1x3x7x5xf32> -> tensor<1x3x3x3xf32>
  xplat.avg_pool2d %t40 window [3, 3] stride [2, 2] padding [1, 0, 0, 2] : tensor<1x3x7x5xf32> -> tensor<1x3x3x3xf32>
  xplat.max_pool2d %t38 window [3, 2] stride [1, 1] padding [0, 0] dilation [2, 3] : tensor<1x2x8x4xf32> -> tensor<1x2x4x1xf32>
  xplat.global_avg_pool2d %t42 : tensor<1x4x3x2xf32> -> tensor<1x4xf32>
  xplat.global_avg_pool2d %t42 : tensor<1x4x3x2xf32> -> tensor<1x4x1x1xf32>
  xplat.global_avg_pool2d %t43 : tensor<1x1x1x1xf32> -> tensor<1x1xf32>
  xplat.global_avg_pool2d %t43 : tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  xplat.global_avg_pool2d %t44 : tensor<1x6x1x4xf32> -> tensor<1x6xf32>
  xplat.global_avg_pool2d %t44 : tensor<1x6x1x4xf32> -> tensor<1x6x1x1xf32>
  xplat.conv_transpose2d %t45 weight @p39 bias @p40 stride [2, 2] padding [0, 0] groups 1 : tensor<1x4x3x4xf32> -> tensor<1x2x6x8xf32>
  xplat.conv_transpose2d %t46 weight @p41 bias @p3 stride [2, 2] padding [1, 1] groups 2 : tensor<1x4x3x3xf32> -> tensor<1x6x6x6xf32>
  xplat.conv_transpose2d %t47 weight @p14 bias @p40 stride [1, 1] padding [1, 1] groups 1 : tensor<1x2x4x2xf32> -> tensor<1x2x4x2xf32>
  xplat.conv_transpose2d %t19 weight @p42 bias @p40 stride [2, 2] padding [0, 0] groups 1 : tensor<1x2x3x3xf32> -> tensor<1x2x6x6xf32>
  xplat.matmul %t48, %t49 : tensor<3x4xf32>, tensor<4x6xf32> -> tensor<3x6xf32>
  xplat.matmul %t48, %t50 transposed : tensor<3x4xf32>, tensor<6x4xf32> -> tensor<3x6xf32>
  xplat.matmul %t51, %t52 : tensor<2x3x4xf32>, tensor<2x4x5xf32> -> tensor<2x3x5xf32>
  xplat.matmul %t11, %t53 : tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32> -> tensor<1x2x3x5xf32>
  xplat.matmul %t11, %t54 transposed : tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32> -> tensor<1x2x3x5xf32>
  xplat.attention %t11, %t54, %t54 scale 0.5 : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x3x4xf32>
  xplat.attention %t42, %t55, %t56 mask %t57 scale 0.5 : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x6xf32>, tensor<1x1x3x3xf32>) -> tensor<1x4x3x6xf32>
  xplat.attention %t58, %t59, %t59 mask %t60 scale 0.5 : (tensor<2x2x2x2xf32>, tensor<2x1x3x2xf32>, tensor<2x1x3x2xf32>, tensor<2x2x2x3xf32>) -> tensor<2x2x2x2xf32>
  xplat.embedding %t61 table @p43 : tensor<5xi64> -> tensor<5x6xf32>
  xplat.embedding %t62 table @p43 : tensor<1x4xi64> -> tensor<1x4x6xf32>
  xplat.embedding %t63 table @p43 : tensor<2x3x2xi64> -> tensor<2x3x2x6xf32>
  xplat.softmax %t1 dim 0 : tensor<6xf32> -> tensor<6xf32>
  xplat.layer_norm %t1 gamma @p3 beta @p3 axes 1 epsilon 1.0e-5 : tensor<6xf32> -> tensor<6xf32>
  xplat.rms_norm %t1 gamma @p3 axes 1 epsilon 1.0e-5 : tensor<6xf32> -> tensor<6xf32>
  xplat.channel_affine %t1 dim 0 weight @p3 bias @p3 : tensor<6xf32> -> tensor<6xf32>
  xplat.softmax %t2 dim 0 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.softmax %t2 dim 1 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.layer_norm %t2 gamma @p33 beta @p33 axes 1 epsilon 1.0e-5 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.rms_norm %t2 gamma @p33 axes 1 epsilon 1.0e-5 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.layer_norm %t2 gamma @p44 beta @p44 axes 2 epsilon 1.0e-5 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.rms_norm %t2 gamma @p44 axes 2 epsilon 1.0e-5 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.channel_affine %t2 dim 0 weight @p40 bias @p40 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.channel_affine %t2 dim 1 weight @p33 bias @p33 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.batch_norm %t2 gamma @p33 beta @p33 mean @p33 var @p33 epsilon 1.0e-5 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.softmax %t3 dim 0 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.softmax %t3 dim 1 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.softmax %t3 dim 2 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.layer_norm %t3 gamma @p1 beta @p1 axes 1 epsilon 1.0e-5 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.rms_norm %t3 gamma @p1 axes 1 epsilon 1.0e-5 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.layer_norm %t3 gamma @p45 beta @p45 axes 2 epsilon 1.0e-5 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.rms_norm %t3 gamma @p45 axes 2 epsilon 1.0e-5 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.layer_norm %t3 gamma @p46 beta @p46 axes 3 epsilon 1.0e-5 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.rms_norm %t3 gamma @p46 axes 3 epsilon 1.0e-5 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.channel_affine %t3 dim 0 weight @p47 bias @p47 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.channel_affine %t3 dim 1 weight @p16 bias @p16 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.channel_affine %t3 dim 2 weight @p1 bias @p1 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.softmax %t4 dim 0 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.softmax %t4 dim 1 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.softmax %t4 dim 3 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.layer_norm %t4 gamma @p1 beta @p1 axes 1 epsilon 1.0e-5 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.rms_norm %t4 gamma @p1 axes 1 epsilon 1.0e-5 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.layer_norm %t4 gamma @p45 beta @p45 axes 2 epsilon 1.0e-5 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.rms_norm %t4 gamma @p45 axes 2 epsilon 1.0e-5 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.layer_norm %t4 gamma @p48 beta @p48 axes 4 epsilon 1.0e-5 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.rms_norm %t4 gamma @p48 axes 4 epsilon 1.0e-5 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.channel_affine %t4 dim 0 weight @p47 bias @p47 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.channel_affine %t4 dim 1 weight @p3 bias @p3 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.channel_affine %t4 dim 3 weight @p1 bias @p1 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.batch_norm %t4 gamma @p3 beta @p3 mean @p3 var @p3 epsilon 1.0e-5 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.softmax %t5 dim 0 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.softmax %t5 dim 1 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.softmax %t5 dim 3 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.layer_norm %t5 gamma @p16 beta @p16 axes 1 epsilon 1.0e-5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.rms_norm %t5 gamma @p16 axes 1 epsilon 1.0e-5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.layer_norm %t5 gamma @p49 beta @p49 axes 2 epsilon 1.0e-5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.rms_norm %t5 gamma @p49 axes 2 epsilon 1.0e-5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.layer_norm %t5 gamma @p50 beta @p50 axes 4 epsilon 1.0e-5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.rms_norm %t5 gamma @p50 axes 4 epsilon 1.0e-5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.channel_affine %t5 dim 0 weight @p40 bias @p40 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.channel_affine %t5 dim 1 weight @p1 bias @p1 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.channel_affine %t5 dim 3 weight @p16 bias @p16 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.batch_norm %t5 gamma @p1 beta @p1 mean @p1 var @p1 epsilon 1.0e-5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.softmax %t6 dim 0 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.softmax %t6 dim 1 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.softmax %t6 dim 4 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.layer_norm %t6 gamma @p1 beta @p1 axes 1 epsilon 1.0e-5 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.rms_norm %t6 gamma @p1 axes 1 epsilon 1.0e-5 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.layer_norm %t6 gamma @p51 beta @p51 axes 2 epsilon 1.0e-5 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.rms_norm %t6 gamma @p51 axes 2 epsilon 1.0e-5 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.layer_norm %t6 gamma @p52 beta @p52 axes 5 epsilon 1.0e-5 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.rms_norm %t6 gamma @p52 axes 5 epsilon 1.0e-5 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.channel_affine %t6 dim 0 weight @p47 bias @p47 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.channel_affine %t6 dim 1 weight @p40 bias @p40 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.channel_affine %t6 dim 4 weight @p1 bias @p1 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.reshape %t64 : tensor<1x4x2x3xf32> -> tensor<1x24xf32>
  xplat.reshape %t64 order channels_last : tensor<1x4x2x3xf32> -> tensor<1x24xf32>
  xplat.reshape %t65 : tensor<1x24xf32> -> tensor<1x4x2x3xf32>
  xplat.reshape %t65 order channels_last : tensor<1x24xf32> -> tensor<1x4x2x3xf32>
  xplat.reshape %t66 : tensor<2x6xf32> -> tensor<3x4xf32>
  xplat.reshape %t66 order channels_last : tensor<2x6xf32> -> tensor<3x4xf32>
  xplat.reshape %t67 : tensor<1x6x4xf32> -> tensor<1x2x3x4xf32>
  xplat.reshape %t67 order channels_last : tensor<1x6x4xf32> -> tensor<1x2x3x4xf32>
  xplat.reshape %t68 : tensor<4x1x6xf32> -> tensor<4x6xf32>
  xplat.reshape %t68 order channels_last : tensor<4x1x6xf32> -> tensor<4x6xf32>
  xplat.reshape %t69 : tensor<1x6x2x2xf32> -> tensor<1x3x2x4xf32>
  xplat.reshape %t69 order channels_last : tensor<1x6x2x2xf32> -> tensor<1x3x2x4xf32>
  xplat.reshape %t7 : tensor<8xf32> -> tensor<2x4xf32>
  xplat.reshape %t7 order channels_last : tensor<8xf32> -> tensor<2x4xf32>
  xplat.reshape %t70 : tensor<1x4x3xf32> -> tensor<1x4x1x3xf32>
  xplat.reshape %t70 order channels_last : tensor<1x4x3xf32> -> tensor<1x4x1x3xf32>
  xplat.reshape %t60 : tensor<2x2x2x3xf32> -> tensor<4x6xf32>
  xplat.reshape %t60 order channels_last : tensor<2x2x2x3xf32> -> tensor<4x6xf32>
  xplat.reshape %t71 : tensor<1x5x1x1xf32> -> tensor<1x5xf32>
  xplat.reshape %t71 order channels_last : tensor<1x5x1x1xf32> -> tensor<1x5xf32>
  xplat.transpose %t72 permutation [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  xplat.transpose %t3 permutation [0, 2, 1] : tensor<1x3x4xf32> -> tensor<1x4x3xf32>
  xplat.transpose %t64 permutation [0, 2, 3, 1] : tensor<1x4x2x3xf32> -> tensor<1x2x3x4xf32>
  xplat.transpose %t64 permutation [0, 1, 3, 2] : tensor<1x4x2x3xf32> -> tensor<1x4x3x2xf32>
  xplat.transpose %t51 permutation [2, 0, 1] : tensor<2x3x4xf32> -> tensor<4x2x3xf32>
  xplat.transpose %t6 permutation [0, 1, 3, 2, 4] : tensor<1x2x3x2x4xf32> -> tensor<1x2x2x3x4xf32>
  xplat.broadcast %t73 : tensor<4xf32> -> tensor<3x4xf32>
  xplat.broadcast %t74 : tensor<1x4xf32> -> tensor<3x4xf32>
  xplat.broadcast %t75 : tensor<3x1xf32> -> tensor<3x4xf32>
  xplat.broadcast %t76 : tensor<1x4x1x1xf32> -> tensor<1x4x2x3xf32>
  xplat.broadcast %t77 : tensor<2x1x3xf32> -> tensor<2x5x3xf32>
  xplat.broadcast %t78 : tensor<3xf32> -> tensor<1x4x2x3xf32>
  xplat.broadcast %t0 : tensor<f32> -> tensor<2x3xf32>
  xplat.slice %t7 starts [1] steps [2] : tensor<8xf32> -> tensor<3xf32>
  xplat.slice %t79 starts [1, 0] steps [2, 1] : tensor<4x8xf32> -> tensor<2x8xf32>
  xplat.slice %t80 starts [0, 2, 1, 0] steps [1, 1, 2, 1] : tensor<1x4x4x5xf32> -> tensor<1x2x2x5xf32>
  xplat.slice %t81 starts [0, 0, 4] steps [1, 1, 1] : tensor<2x3x8xf32> -> tensor<2x3x4xf32>
  xplat.concat %t82, %t66 dim 1 : (tensor<2x4xf32>, tensor<2x6xf32>) -> tensor<2x10xf32>
  xplat.concat %t64, %t83 dim 1 : (tensor<1x4x2x3xf32>, tensor<1x2x2x3xf32>) -> tensor<1x6x2x3xf32>
  xplat.concat %t64, %t23 dim 2 : (tensor<1x4x2x3xf32>, tensor<1x4x1x3xf32>) -> tensor<1x4x3x3xf32>
  xplat.concat %t48, %t74, %t82 dim 0 : (tensor<3x4xf32>, tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<6x4xf32>
  xplat.concat %t3, %t84 dim 2 : (tensor<1x3x4xf32>, tensor<1x3x2xf32>) -> tensor<1x3x6xf32>
  xplat.pad %t1 low [1] high [2] value 0.0 : tensor<6xf32> -> tensor<9xf32>
  xplat.pad %t82 low [1, 0] high [0, 2] value 0.0 : tensor<2x4xf32> -> tensor<3x6xf32>
  xplat.pad %t46 low [0, 0, 1, 1] high [0, 0, 1, 2] value 0.0 : tensor<1x4x3x3xf32> -> tensor<1x4x5x6xf32>
  xplat.pad %t85 low [0, 2, 0, 0] high [0, 2, 0, 0] value 0.0 : tensor<1x4x2x2xf32> -> tensor<1x8x2x2xf32>
  xplat.upsample %t64 : tensor<1x4x2x3xf32> -> tensor<1x4x4x9xf32>
  xplat.upsample %t86 : tensor<2x3x2x2xf32> -> tensor<2x3x2x4xf32>
  xplat.upsample %t87 : tensor<1x1x3x1xf32> -> tensor<1x1x6x2xf32>
  xplat.reduce %t1 mean over [0] : tensor<6xf32> -> tensor<f32>
  xplat.reduce %t1 mean over [0] : tensor<6xf32> -> tensor<1xf32>
  xplat.reduce %t82 mean over [1] : tensor<2x4xf32> -> tensor<2xf32>
  xplat.reduce %t82 mean over [1] : tensor<2x4xf32> -> tensor<2x1xf32>
  xplat.reduce %t82 mean over [0] : tensor<2x4xf32> -> tensor<4xf32>
  xplat.reduce %t82 mean over [0] : tensor<2x4xf32> -> tensor<1x4xf32>
  xplat.reduce %t64 mean over [2, 3] : tensor<1x4x2x3xf32> -> tensor<1x4xf32>
  xplat.reduce %t64 mean over [2, 3] : tensor<1x4x2x3xf32> -> tensor<1x4x1x1xf32>
  xplat.reduce %t64 mean over [1] : tensor<1x4x2x3xf32> -> tensor<1x2x3xf32>
  xplat.reduce %t64 mean over [1] : tensor<1x4x2x3xf32> -> tensor<1x1x2x3xf32>
  xplat.reduce %t51 mean over [1] : tensor<2x3x4xf32> -> tensor<2x4xf32>
  xplat.reduce %t51 mean over [1] : tensor<2x3x4xf32> -> tensor<2x1x4xf32>
  xplat.reduce %t51 mean over [0, 2] : tensor<2x3x4xf32> -> tensor<3xf32>
  xplat.reduce %t51 mean over [0, 2] : tensor<2x3x4xf32> -> tensor<1x3x1xf32>
  xplat.constant @p53 : tensor<f32>
  xplat.splat 0.5 : tensor<f32>
  xplat.host_input %t0 : tensor<f32> -> tensor<f32>
  xplat.host_output %t0 : tensor<f32> -> tensor<f32>
  xplat.constant @p3 : tensor<6xf32>
  xplat.splat 0.5 : tensor<6xf32>
  xplat.host_input %t1 : tensor<6xf32> -> tensor<6xf32>
  xplat.host_output %t1 : tensor<6xf32> -> tensor<6xf32>
  xplat.constant @p44 : tensor<2x8xf32>
  xplat.splat 0.5 : tensor<2x8xf32>
  xplat.host_input %t2 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.host_output %t2 : tensor<2x8xf32> -> tensor<2x8xf32>
  xplat.constant @p46 : tensor<1x3x4xf32>
  xplat.splat 0.5 : tensor<1x3x4xf32>
  xplat.host_input %t3 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.host_output %t3 : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  xplat.constant @p48 : tensor<1x6x3x4xf32>
  xplat.splat 0.5 : tensor<1x6x3x4xf32>
  xplat.host_input %t4 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.host_output %t4 : tensor<1x6x3x4xf32> -> tensor<1x6x3x4xf32>
  xplat.constant @p50 : tensor<2x4x2x3xf32>
  xplat.splat 0.5 : tensor<2x4x2x3xf32>
  xplat.host_input %t5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.host_output %t5 : tensor<2x4x2x3xf32> -> tensor<2x4x2x3xf32>
  xplat.constant @p52 : tensor<1x2x3x2x4xf32>
  xplat.splat 0.5 : tensor<1x2x3x2x4xf32>
  xplat.host_input %t6 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.host_output %t6 : tensor<1x2x3x2x4xf32> -> tensor<1x2x3x2x4xf32>
  xplat.host_input %t64 view [1, 4, 6] permutation [0, 2, 1] : tensor<1x4x2x3xf32> -> tensor<1x6x4xf32>
  xplat.host_output %t67 view [1, 6, 4] permutation [0, 2, 1] : tensor<1x6x4xf32> -> tensor<1x4x2x3xf32>
  xplat.aten "aten.flip.default" (%t72) [#xplat.operand<0>, [1]] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
