// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// Malformed IR of every kind is refused with a message: no crash, no hang.

// expected-error@below {{'xplat.device' op requires attribute 'clock_mhz'}}
"xplat.device"() <{}> ({}) : () -> ()

// -----

// expected-error@below {{'xplat.device' op requires attribute 'clock_mhz'}}
"xplat.device"() ({
  "xplat.port"() <{sym_name = "link"}> : () -> ()
}) {sym_name = "d", kind = #xplat<device_kind fpga>} : () -> ()
xplat.system @s {
  xplat.instance @a of @d
  xplat.instance @b of @d
  xplat.cable @c @a port @link to @b port @link
}

// -----

"xplat.system"() <{sym_name = "s"}> ({
  // expected-error@below {{'xplat.cable' op requires attribute 'source'}}
  "xplat.cable"() : () -> ()
  "xplat.instance"() : () -> ()
}) : () -> ()

// -----

"xplat.system"() <{sym_name = "s"}> ({
  // expected-error@below {{'xplat.instance' op requires attribute 'device'}}
  "xplat.instance"() <{sym_name="a"}>: () -> ()
  "xplat.instance"() <{sym_name="b"}>: () -> ()
  xplat.cable @c @a port @link to @b port @link
}) : () -> ()

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{'xplat.conv2d' op requires attribute 'groups'}}
  %0 = "xplat.conv2d"(%arg0) : (tensor<1x4x8x8xf32>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// expected-error@below {{'xplat.param' op requires attribute 'type'}}
"xplat.param"() <{sym_name = "w"}> : () -> ()
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 {config = #xplat.config<unroll = <1,1,1,1,1,1>>} : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}
// expected-error@below {{'xplat.param' op attribute 'type' failed to satisfy constraint: type attribute of ranked tensor of a}}
"xplat.param"() <{sym_name = "w", type = f32}> : () -> ()

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}
// expected-error@below {{'xplat.param' op [param C1] expected a static tensor of positive extents and of a number format, wit}}
xplat.param @w : tensor<8x4x?x0xf32>

// -----

func.func @f(%arg0: tensor<*xf32>) {
  // expected-error@below {{'xplat.relu' op operand #0 must be ranked tensor or stream, but got 'tensor<*xf32>'}}
  xplat.relu %arg0 : tensor<*xf32> -> tensor<*xf32>
  return
}

// -----

func.func @f(%arg0: memref<4xf32>) {
  // expected-error@below {{'xplat.relu' op operand #0 must be ranked tensor or stream, but got 'memref<4xf32>'}}
  xplat.relu %arg0 : memref<4xf32> -> memref<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<0x0xf32>) {
  // expected-error@below {{'xplat.reshape' op [node N1] expected static shapes of positive extents with at most 1099511627776 e}}
  xplat.reshape %arg0 : tensor<0x0xf32> -> tensor<0xf32>
  return
}

// -----

func.func @f(%arg0: tensor<?x?x?x?xf32>) {
  // expected-error@below {{'xplat.reshape' op [node N1] expected static shapes of positive extents with at most 1099511627776 e}}
  xplat.reshape %arg0 : tensor<?x?x?x?xf32> -> tensor<?x?xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x?x?x?xf32>) {
  // expected-error@below {{'xplat.max_pool2d' op [node N1] expected static shapes of positive extents with at most 109951162777}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2] padding [1, 1] : tensor<1x?x?x?xf32> -> tensor<1x?x?x?xf32>
  return
}

// -----

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x?x8x8xf32>) {
  // expected-error@below {{'xplat.conv2d' op [node N1] expected static shapes of positive extents with at most 1099511627776 el}}
  xplat.conv2d %arg0 weight @w stride [1, 1] padding [0, 0] groups 9223372036854775807 : tensor<1x?x8x8xf32> -> tensor<1x?x6x6xf32>
  return
}

// -----

// expected-note@below {{parameter declared here}}
xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{'xplat.conv2d' op [conv2d C3] expected weight of shape [8, 4, 3, 3] but @w has 'tensor<8x1x3x3xf32>'}}
  xplat.conv2d %arg0 weight @w stride [9223372036854775807, 9223372036854775807] padding [9223372036854775807, 0] groups 1 : tensor<1x4x8x8xf32> -> tensor<1x8x1x1xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{'xplat.relu' op [node N3] expected 2 unroll factors, one per loop, but got 0}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <>>} : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{expected an unroll factor of at least 1, or '?', but got 0}}
  // expected-error@below {{failed to parse Xplat_ConfigAttr parameter 'unroll'}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <1, 0>>} : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{'xplat.relu' op [node N3] expected 2 unroll factors, one per loop, but got 3}}
  xplat.relu %arg0 {config = #xplat.config<unroll = <1, 2, 3>>} : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{expected '<'}}
  // expected-error@below {{failed to parse Xplat_ConfigAttr parameter 'place'}}
  xplat.relu %arg0 {config = #xplat.config<place = "x">} : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{'xplat.link' op requires attribute 'cable'}}
  "xplat.link"(%arg0) : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{'xplat.link' op requires attribute 'cable'}}
  %0 = "xplat.link"(%arg0) : (!xplat.stream<4xf32, beat = (2)>) -> !xplat.stream<4xf32, beat = (2)>
  %1 = "xplat.fifo"(%arg0) : (!xplat.stream<4xf32, beat = (2)>) -> !xplat.stream<4xf32, beat = (2)>
  %2 = "xplat.convert_stream"(%arg0) : (!xplat.stream<4xf32, beat = (2)>) -> !xplat.stream<4xf32>
  return
}

// -----

// expected-error@below {{'xplat.kernel' op requires attribute 'area'}}
"xplat.kernel"() ({}) : () -> ()

// -----

// expected-error@below {{'xplat.kernel' op requires attribute 'area'}}
"xplat.kernel"() <{sym_name="k", implements = "xplat.relu"}> ({}) : () -> ()

// -----

// expected-error@below {{'xplat.kernel' op requires attribute 'cycles'}}
xplat.kernel @k implements "xplat.relu" generated attributes {cycles = 3} {
  cycles (1) latency (1) buffer (1) area
}

// -----

// expected-error@below {{'xplat.kernel' op requires attribute 'memories'}}
xplat.kernel @k implements "xplat.relu" generated attributes {sym_name = 3, memories = 4} {
  cycles (1) latency (1) buffer (1) area
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{custom op 'xplat.kernel' expected a condition; leave the clause out when there is none}}
  where ()
  cycles (n floordiv 0, n mod 0, n mod -1, n ceildiv 0, 3 mod 0, 3 floordiv 0, 3 ceildiv 0) latency (1) buffer (1) area
}

// -----

// expected-error@below {{custom op 'xplat.kernel' [kernel C1] '' is neither a registered op that implements NodeOpInterface nor 'ElementwiseOpInterface'}}
xplat.kernel @k implements "" generated {
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{integer value too large}}
  cycles (9223372036854775807 * 9223372036854775807 + n, 99999999999999999999)

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected a number, a name or '(' in a formula}}
  cycles (n * ) }

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{custom op 'xplat.kernel' expected string}}
  streams in [3] out []
}

// -----

// expected-error@below {{'xplat.kernel' op [kernel C3] an 'rtl' kernel needs a module, files and streams}}
xplat.kernel @k implements "xplat.relu" rtl "" files [] {
  streams in [] out []
  cycles (1) latency (1) buffer (1) area
}

// -----

// expected-error@below {{'xplat.rom' op requires attribute 'depth'}}
"xplat.rom"() : () -> ()

// -----

// expected-error@below {{'xplat.rom' op [rom C2] expected a permutation of 1 dimensions and a tile for each}}
xplat.rom @r values [] permutation [] tile [] element_bits 8 word_bits 8 depth 4

// -----

// expected-error@below {{'xplat.rom' op [rom C2] expected a permutation of 1 dimensions and a tile for each}}
xplat.rom @r values [1] permutation [9223372036854775807] tile [-1] element_bits -8 word_bits 8 depth 4

// -----

// expected-error@below {{'xplat.param' op requires attribute 'type'}}
"xplat.param"() <{sym_name = "p"}> : () -> ()
xplat.rom @r of @p permutation [0] tile [1] element_bits 8 word_bits 8 depth 4

// -----

// expected-error@below {{'xplat.mapping' op requires attribute 'bottleneck'}}
"xplat.mapping"() : () -> ()

// -----

// expected-error@below {{'xplat.param' op [param C1] expected a static tensor of positive extents and of a number format, wit}}
xplat.param @a : tensor<2x!quant.any<i8:f32>>

// -----

// expected-error@below {{'xplat.param' op [param C1] expected a static tensor of positive extents and of a number format, wit}}
xplat.param @a : tensor<2x2x!quant.uniform<i8:f32:{0:1, 1:1}, {{0.5, 0.25}, {0.5, 0.25}}>>

// -----

// expected-error@below {{'xplat.batch_norm' op requires one result}}
"xplat.batch_norm"() : () -> ()

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{'xplat.batch_norm' op [batch_norm C2] expected gamma @f to name an 'xplat.param'}}
  xplat.batch_norm %arg0 gamma @f beta @f mean @f var @f epsilon 1.0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

// expected-error@below {{'xplat.add' op requires one result}}
"xplat.add"() : () -> ()

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{'xplat.max_pool2d' op requires attribute 'kernel_size'}}
  "xplat.max_pool2d"(%arg0) : (tensor<1x4x8x8xf32>) -> tensor<1x8x8x8xf32>
  return
}

// -----

// expected-error@below {{custom op 'xplat.mapping' expected ::xplat::BoundKind to be one of: node, resource, memory}}
// expected-error@below {{custom op 'xplat.mapping' failed to parse Xplat_BoundKindAttr parameter 'value' which is to be a `::}}
xplat.mapping @a on @b clock_mhz 1.0 cycles 1 latency_cycles 1 bound_cycles 1 bound_kind luck bound_reason "" bottleneck "" usage []

// -----

// expected-error@below {{'xplat.mapping' op attribute 'usage' failed to satisfy constraint: usage of each device}}
xplat.mapping @a on @b clock_mhz 1.0 cycles 1 latency_cycles 1 bound_cycles 1 bound_kind node bound_reason "" bottleneck "" usage [3]

// -----

// expected-error@below {{expected '='}}
func.func @f(%arg0: !xplat.stream<4xf32, order (0)>)

// -----

// expected-error@below {{expected 'beat'}}
func.func @f(%arg0: !xplat.stream<4xf32, 2>)

// -----

// expected-error@below {{expected '>'}}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2), order = (0)>)

// -----

// expected-error@below {{expected non-function type}}
func.func @f(%arg0: !xplat.stream<>) 

// -----

// expected-error@below {{scale 0.000000e+00 out of expressed type range [1.401298e-45, 3.402823e+38]}}
func.func @f(%arg0: !xplat.stream<4x!quant.uniform<i8:f32, 0.0>>) 

// -----

// expected-error@below {{integer value too large}}
func.func @f(%arg0: !xplat.stream<1x4x8x8x9xf32, beat = (99999999999999999999)>) 

// -----

// expected-error@below {{[param C4] expected other sources or arguments for 'quantize'}}
xplat.param @p = <quantize()> : tensor<4xf32>

// -----

// expected-error@below {{custom op 'xplat.param' expected one of [fold_batch_norm_weight, fold_batch_norm_bias, quantize}}
// expected-error@below {{custom op 'xplat.param' failed to parse Xplat_DerivationAttr parameter 'kind' which is to be a `::xp}}
xplat.param @p = <guess(@p)> : tensor<4xf32>

// -----

// expected-error@below {{custom op 'xplat.param' invalid kind of attribute specified}}
// expected-error@below {{custom op 'xplat.param' failed to parse Xplat_DerivationAttr parameter 'sources' which is to be a `:}}
xplat.param @p = <quantize(@a::@b)> : tensor<4xf32>

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected 1 or more argument(s) of 'max' but got 0}}
  let a (max ())
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{unknown function 'nothing'; there are max min select}}
  let a (nothing (1))
}

// -----

xplat.family @f source "s" {
  // expected-error@below {{expected valid keyword}}
  part p (1) lut (1)
}

// -----

xplat.fragment @f {
  // expected-error@below {{unknown clause 'cycles'; there are include let formats where memory lookup parameter area}}
  cycles (1)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected '('}}
  let a b
}

// -----

func.func @f(%arg0: tensor<?x4xf32>) {
  // expected-error@below {{[node N1] expected static shapes of positive extents}}
  %0 = xplat.reshape %arg0 : tensor<?x4xf32> -> tensor<4x2xf32>
  return
}
