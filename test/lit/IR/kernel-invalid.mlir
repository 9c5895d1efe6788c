// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a registered node op.

// expected-error@below {{[kernel C1] 'xplat.unknown' is neither a registered op that implements NodeOpInterface nor 'ElementwiseOpInterface'}}
xplat.kernel @k implements "xplat.unknown" generated {
}

// -----

// expected-error@below {{[kernel C1] 'xplat.system' is neither a registered op that implements NodeOpInterface nor 'ElementwiseOpInterface'}}
xplat.kernel @k implements "xplat.system" generated {
}

// -----
// expected-error@below {{[kernel C1] 'builtin.module' is neither a registered op that implements NodeOpInterface nor 'ElementwiseOpInterface'}}
"xplat.kernel"() <{sym_name = "k", implements = "builtin.module", backend = #xplat<backend generated>, formats = [],
                   lets = [], conditions = [], memories = [], parameters = [], cycles = [#xplat.formula<(1)>],
                   latency = #xplat.formula<(1)>, buffer = [#xplat.formula<(1)>], area = []}> ({}) : () -> ()

// -----

// C2: kernel symbols of the op.

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{unknown name 'kh'}}
  cycles (n * kh)
  latency (1)
  buffer (1)
  area
}

// -----
// expected-error@below {{[kernel C2] unknown name 'kh'; there are n c stages multiplier_bits stage_bits adder_bits logic_bits products p_n p_c bits_x bits_y frac_x frac_y unsigned_x unsigned_y block_x block_y exponent_x exponent_y complement_x complement_y, in 'cycles'}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, formats = [],
                   lets = [], conditions = [], memories = [], parameters = [], cycles = [#xplat.formula<(kh)>],
                   latency = #xplat.formula<(1)>, buffer = [#xplat.formula<(1)>], area = []}> ({}) : () -> ()

// -----
// expected-error@below {{[kernel C2] expected 1 or more argument(s) of 'max' but got 0, in a condition}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, formats = [],
                   lets = [], conditions = [#xplat.formula<(max () == 0)>], memories = [], parameters = [],
                   cycles = [#xplat.formula<(1)>], latency = #xplat.formula<(1)>, buffer = [#xplat.formula<(1)>],
                   area = []}> ({}) : () -> ()

// -----

// Element-wise nodes have few symbols in common.

xplat.kernel @k implements "ElementwiseOpInterface" generated {
  // expected-error@below {{unknown name 'multiplications'; there are n c inputs input_bits degree guard_bits segments ranges longest shortest bits_0 bits_1 bits_2 p_n p_c bits_x bits_y frac_x frac_y unsigned_x unsigned_y}}
  cycles (n * multiplications)
  latency (1)
  buffer (1)
  area
}

// -----

xplat.kernel @k implements "ElementwiseOpInterface" generated {
  // expected-error@below {{expected one formula for the copies of memory 'table' but got 2}}
  lookup table (bits_y) x (256) copies (p_c, 2)
  cycles (n)
  latency (1)
  buffer (1)
  area
}

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

xplat.kernel @k implements "xplat.relu" generated {
  cycles (1)
  // expected-error@below {{expected one formula for 'latency' but got 2}}
  latency (1, 2)
  buffer (1)
  area
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected one formula for parameter 'P' but got 0}}
  parameter P ()
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----
// expected-error@below {{[kernel C2] unknown name 'q'; there are n c stages multiplier_bits stage_bits adder_bits logic_bits products p_n p_c bits_x bits_y frac_x frac_y unsigned_x unsigned_y block_x block_y exponent_x exponent_y complement_x complement_y, in part 'ram'}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, formats = [],
                   lets = [], conditions = [], memories = [], parameters = [], cycles = [#xplat.formula<(1)>],
                   latency = #xplat.formula<(1)>, buffer = [#xplat.formula<(1)>],
                   area = [#xplat.part<"ram"[<(1)>, <(q)>], <(1)>>]}> ({}) : () -> ()

// -----

// C5: names of memories and parameters.

// expected-error@below {{[kernel C5] memory 'words' is neither 'shift' nor 'index' nor 'exponent' nor 'table' nor 'coefficient' nor 'range' nor a port of 'xplat.linear'}}
xplat.kernel @k implements "xplat.linear" generated {
  memory words (1) x (2)
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

// expected-error@below {{[kernel C5] memory 'table' holds results of element-wise nodes, but 'xplat.linear' is none}}
xplat.kernel @k implements "xplat.linear" generated {
  lookup table (1) x (2)
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
// expected-error@below {{[kernel C5] expected an identifier as name of a parameter but got 'a b'}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, formats = [],
                   lets = [], conditions = [], memories = [], parameters = [#xplat.parameter<"a b", #xplat.formula<(1)>>],
                   cycles = [#xplat.formula<(1)>], latency = #xplat.formula<(1)>, buffer = [#xplat.formula<(1)>],
                   area = []}> ({}) : () -> ()

// -----

// expected-error@below {{[kernel C5] "a" is defined twice}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.relu", backend = #xplat<backend generated>, formats = [],
                   lets = [#xplat.let<"a", <(1)>>, #xplat.let<"a", <(1)>>], conditions = [], memories = [],
                   parameters = [], cycles = [#xplat.formula<(1)>], latency = #xplat.formula<(1)>,
                   buffer = [#xplat.formula<(1)>], area = []}> ({}) : () -> ()

// -----

// C6: formats.

// expected-error@below {{[kernel C6] expected a format of a port of 'xplat.relu' but got one of "z"}}
xplat.kernel @k implements "xplat.relu" generated {
  formats z fixed
  cycles (1)
  latency (1)
  buffer (1)
}

// -----

// expected-error@below {{[kernel C6] expected a range of bits at "x" but got 8 to 2}}
xplat.kernel @k implements "xplat.relu" generated {
  formats x fixed (8 to 2)
  cycles (1)
  latency (1)
  buffer (1)
}

// -----

// C7: the order of loops.

// expected-error@below {{[kernel C7] expected each of the loops m, n, k of 'xplat.linear' once in 'order' but got (m, kh, n)}}
xplat.kernel @k implements "xplat.linear" generated {
  cycles (1)
  latency (1)
  buffer (1)
  order (m, kh, n)
}

// -----

// expected-error@below {{[kernel C7] expected each of the loops m, n, k of 'xplat.linear' once in 'order' but got (m, k)}}
xplat.kernel @k implements "xplat.linear" generated {
  cycles (1)
  latency (1)
  buffer (1)
  order (m, k)
}

// -----

// expected-error@below {{[kernel C7] expected each of the loops n, c of 'xplat.relu' once in 'order' but got (n, c, n)}}
xplat.kernel @k implements "xplat.relu" generated {
  cycles (1)
  latency (1)
  buffer (1)
  order (n, c, n)
}

// -----

// expected-error@below {{[kernel C7] expected each of the loops n, c of 'xplat.relu' once in 'order' but got ()}}
xplat.kernel @k implements "xplat.relu" generated {
  cycles (1)
  latency (1)
  buffer (1)
  order ()
}

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

xplat.kernel @k implements "xplat.linear" generated {
  // expected-error@below {{expected valid keyword}}
  order ("m", "k", "n")
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{unknown clause 'power'; there are include let formats where memory lookup parameter area streams computes cycles latency buffer order}}
  power (2)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected one formula for the number of parts 'ram' but got 0}}
  area lut (1) ram (1, 2) x ()
}

// -----

xplat.kernel @k implements "xplat.linear" generated {
  // expected-error@below {{expected one formula for the bits of a word of memory 'weight' but got 2}}
  memory weight (1, 2) x ()
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected a condition; leave the clause out when there is none}}
  where ()
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected ')'}}
  where (n < c < 3)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected a number, a name or '(' in a formula}}
  where (n + or)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{unknown function 'logarithm'; there are max min select clog clog2 exp2 is_power_of_two bank_count}}
  let x (logarithm (n))
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected 3 argument(s) of 'select' but got 2}}
  let x (select (n, c))
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  let folds (c floordiv p_c)
  // expected-error@below {{unknown name 'fold'; did you mean 'folds'?}}
  let x (fold + 1)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{expected one formula for 'beats' but got 2}}
  let beats (n, c)
}

// -----

xplat.kernel @k implements "xplat.relu" generated {
  // expected-error@below {{"n" is defined already}}
  let n (c)
}

// -----

// C8: copies are of memories for look-ups; `Late` is no parameter of a contract whose words come in order.

// expected-error@below {{[kernel C8] memory "weight" is read in order, so it has no copies}}
"xplat.kernel"() <{sym_name = "k", implements = "xplat.linear", backend = #xplat<backend generated>, formats = [],
    lets = [], conditions = [], memories = [#xplat.memory_port<"weight", in_order, <(1)> x <(1)>, <(2)>>],
    parameters = [], cycles = [#xplat.formula<(1)>], latency = #xplat.formula<(1)>, buffer = [#xplat.formula<(1)>],
    area = []}> ({}) : () -> ()

// -----

// expected-error@below {{[kernel C8] expected no formula of "Late", which what holds the parameters decides}}
xplat.kernel @k implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  memory weight (1) x (1)
  parameter Late (0)
  cycles (1)
  latency (1)
  buffer (1)
  area
}

// -----

xplat.kernel @k implements "xplat.linear" rtl "k" files ["k.sv"] {
  streams in ["in"] out ["out"]
  // expected-error@below {{unknown name 'depth'}}
  parameter RamStyle style ram (bits_x, depth)
  cycles (1)
  latency (1)
  buffer (1)
}

// -----
// expected-error@below {{expected a formula or one memory as value of a parameter but got 1 : i64}}
"xplat.kernel"() <{sym_name = "k", parameters = [#xplat.parameter<"A", 1>]}> ({}) : () -> ()
