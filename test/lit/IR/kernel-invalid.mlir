// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a registered node op.

// expected-error@below {{[kernel C1] 'xplat.unknown' is not a registered op that implements NodeOpInterface}}
xplat.kernel @k implements "xplat.unknown" generated {
}

// -----

// expected-error@below {{[kernel C1] 'xplat.system' is not a registered op that implements NodeOpInterface}}
xplat.kernel @k implements "xplat.system" generated {
}

// -----

#one = affine_map<()[s0, s1, s2, s3, s4, s5, s6, s7] -> (1)>
// expected-error@below {{[kernel C1] 'builtin.module' is not a registered op that implements NodeOpInterface}}
"xplat.kernel"() <{sym_name = "k", implements = "builtin.module", backend = #xplat<backend generated>, memories = [],
                   parameters = [], cycles = #one, latency = #one, buffer = #one, area = #one}> : () -> ()

// -----

// C2: kernel symbols of the op.

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{use of undeclared identifier}}
  cycles (n * kh)
  latency (1)
  buffer (1)
  area
}

// -----

#one = affine_map<()[s0] -> (1)>
// expected-error@below {{[kernel C2] expected cycles over the 8 kernel symbols of 'xplat.relu'}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, memories = [],
                   parameters = [], cycles = #one, latency = #one, buffer = #one, area = #one}> : () -> ()

// -----

#one = affine_map<()[s0, s1, s2, s3, s4, s5, s6, s7] -> (1)>
#five = affine_map<()[s0, s1, s2, s3, s4, s5, s6, s7] -> (1, 1, 1, 1, 1)>
// expected-error@below {{[kernel C2] expected conditions over the 8 kernel symbols of 'xplat.relu'}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, memories = [],
                   parameters = [], cycles = #one, latency = #one, buffer = #one, area = #five,
                   condition = affine_set<(d0) : (d0 >= 0)>}> : () -> ()

// -----

// C3: module, files and streams, for an rtl kernel and no other.

// expected-error@below {{[kernel C3] an 'rtl' kernel needs a module, files and streams}}
xplat.kernel @k implements "xplat.relu" rtl "relu" files ["relu.sv"] {
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C3] an 'rtl' kernel needs a module, files and streams}}
xplat.kernel @k implements "xplat.relu" rtl files ["relu.sv"] {
  streams in ["in"] out ["out"]
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C3] an 'rtl' kernel needs a module, files and streams}}
xplat.kernel @k implements "xplat.relu" rtl "relu" files [] {
  streams in ["in"] out ["out"]
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C3] only an 'rtl' kernel has a module, files and streams}}
xplat.kernel @k implements "xplat.relu" wire {
  streams in ["in"] out ["out"]
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// C4: numbers of formulas.

// expected-error@below {{[kernel C4] expected a formula in cycles and in buffer}}
xplat.kernel @k implements "xplat.relu" generated {
  cycles ()
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C4] expected a formula in cycles and in buffer}}
xplat.kernel @k implements "xplat.relu" generated {
  cycles (1)
  latency (1)
  buffer ()
  area
}

// -----

// expected-error@below {{[kernel C4] expected 1 formula(s) in latency but got 2}}
xplat.kernel @k implements "xplat.relu" generated {
  cycles (1)
  latency (1, 2)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C4] expected 1 formula(s) in a parameter but got 0}}
xplat.kernel @k implements "xplat.relu" generated {
  parameter P ()
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

#one = affine_map<()[s0, s1, s2, s3, s4, s5, s6, s7] -> (1)>
// expected-error@below {{[kernel C4] expected 5 formula(s) in area but got 1}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, memories = [],
                   parameters = [], cycles = #one, latency = #one, buffer = #one, area = #one}> : () -> ()

// -----

// C5: names of memories and parameters.

// expected-error@below {{[kernel C5] memory 'table' is neither 'shift' nor 'index' nor a port of 'xplat.linear'}}
xplat.kernel @k implements "xplat.linear" generated {
  memory table (1) x (2)
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C5] memory 'weight' is named twice}}
xplat.kernel @k implements "xplat.linear" generated {
  memory weight (1) x (2)
  memory weight (1) x (2)
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C5] expected an identifier as name of the module but got 'm; initial $finish; //'}}
xplat.kernel @k implements "xplat.relu" rtl "m; initial $finish; //" files ["m.sv"] {
  streams in ["in"] out ["out"]
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C5] expected an identifier as name of a stream but got 'in)'}}
xplat.kernel @k implements "xplat.relu" rtl "m" files ["m.sv"] {
  streams in ["in)"] out ["out"]
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C5] parameter 'P' is named twice}}
xplat.kernel @k implements "xplat.linear" generated {
  parameter P (1)
  parameter P (n)
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

#one = affine_map<()[s0, s1, s2, s3, s4, s5, s6, s7] -> (1)>
#five = affine_map<()[s0, s1, s2, s3, s4, s5, s6, s7] -> (1, 1, 1, 1, 1)>
// expected-error@below {{[kernel C5] expected an identifier as name of a parameter but got 'a b'}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, memories = [],
                   parameters = [#xplat.parameter<"a b", ()[s0, s1, s2, s3, s4, s5, s6, s7] -> (1)>], cycles = #one, latency = #one, buffer = #one,
                   area = #five}> : () -> ()

// -----

// What the assembly itself refuses.

// expected-error@below {{the contract of @k lacks its 'latency' clause}}
xplat.kernel @k implements "xplat.relu" generated {
  cycles (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{expected a backend: rtl, generated, port or wire}}
xplat.kernel @k implements "xplat.relu" hls {
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  cycles (1)
  // expected-error@below {{clause 'cycles' appears twice}}
  cycles (2)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{unknown clause 'power'; a contract has let, where, streams, memory, parameter, cycles, latency, buffer and area}}
  power (2)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected one formula for 'lut' but got 0}}
  area lut ()
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected one formula for 'dsp' but got 2}}
  area lut (1) dsp (1, 2)
}

// -----

xplat.kernel @k implements "xplat.linear" generated {
  // expected-error@below {{expected '(bits of a word) x (number of words)' for memory 'weight'}}
  memory weight (1, 2) x ()
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected a condition; leave the clause out when there is none}}
  where ()
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected 0 on the right of a condition}}
  where (n >= 4)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected one formula for 'beats' but got 2}}
  let beats (n, c)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{'n' is defined already}}
  let n (c)
}
