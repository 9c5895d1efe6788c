// RUN: xplat-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{[fragment C1] parameter 'P' is named twice}}
xplat.fragment @f {
  parameter P (1)
  parameter P (2)
}

// -----

// expected-error @below {{[fragment C1] expected an identifier as name of a memory but got 'a b'}}
"xplat.fragment"() <{sym_name = "f", formats = [], lets = [], conditions = [],
                     memories = [#xplat.memory_port<"a b", in_order, <(1)> x <(1)>>], parameters = [], area = []}> : () -> ()

// -----

xplat.fragment @f {
  // expected-error @below {{unknown function 'g'; there are max}}
  let a (g (1))
}
