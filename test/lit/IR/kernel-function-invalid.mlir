// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C9: RTL says what it computes, where the op's name does not.

// expected-error@below {{[kernel C9] expected a clause 'computes' with the function of RTL for 'xplat.clamp', which other functions have, too}}
xplat.kernel @k implements "xplat.clamp" rtl "clamp" files ["clamp.sv"] {
  streams in ["in"] out ["out"]
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C9] expected 'computes' of RTL for element-wise nodes alone}}
xplat.kernel @k implements "xplat.relu" rtl "relu" files ["relu.sv"] {
  streams in ["in"] out ["out"]
  computes {
  ^bb0(%x: f32):
    xplat.yield %x : f32
  }
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C9] expected an f32 argument of the body for each of the 2 operands but got ('f32')}}
xplat.kernel @k implements "xplat.fused" rtl "sum" files ["sum.sv"] {
  streams in ["a", "b"] out ["out"]
  computes {
  ^bb0(%x: f32):
    xplat.yield %x : f32
  }
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C9] expected operations of 'arith' and 'math' in the body but got 'builtin.unrealized_conversion_cast'}}
xplat.kernel @k implements "xplat.fused" rtl "sum" files ["sum.sv"] {
  streams in ["in"] out ["out"]
  computes {
  ^bb0(%x: f32):
    %y = builtin.unrealized_conversion_cast %x : f32 to f32
    xplat.yield %y : f32
  }
  cycles (1)
  latency (1)
  buffer (1)
  area
}
