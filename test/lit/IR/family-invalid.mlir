// RUN: xplat-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{[family C1] expected 'source' to say what the figures are from}}
xplat.family @f source " " {
}

// -----

// expected-error @below {{[family C2] part "p" is named twice}}
xplat.family @f source "s" {
  part p (a) lut (a)
  part p (a) lut (a)
}

// -----

// expected-error @below {{[family C2] "area" is a clause of contracts and names no part}}
xplat.family @f source "s" {
  part area (a) lut (a)
}

// -----

// expected-error @below {{[family C2] "max" is a function of every formula}}
xplat.family @f source "s" {
  function max (a) (a)
}

// -----

// expected-error @below {{[family C2] expected distinct identifiers as units of part "p" but got "lut"}}
xplat.family @f source "s" {
  part p (a) lut (a) lut (a)
}

// -----

xplat.family @f source "s" {
  // expected-error @below {{unknown name 'bist'; did you mean 'bits'?}}
  part p (bits) lut (bist)
}

// -----

// A function calls those before it alone.
xplat.family @f source "s" {
  // expected-error @below {{unknown function 'g'; there are max min select clog clog2 exp2 is_power_of_two bank_count}}
  function f (a) (g (a))
  function g (a) (f (a))
}

// -----

xplat.family @f source "s" {
  function f (a, b) (a + b)
  // expected-error @below {{expected 2 argument(s) of 'f' but got 1}}
  part p (a) lut (f (a))
}

// -----

xplat.family @f source "s" {
  part p (a) lut (a)
  // expected-error @below {{unknown name 'ff'; there are lut}}
  resource ff (ff)
}

// -----

xplat.family @f source "s" {
  // expected-error @below {{unknown clause 'area'; a family has function, part, style and resource}}
  area lut (1)
}

// -----

// expected-error @below {{[family C3] unknown name 'a', in "f"}}
"xplat.family"() <{sym_name = "f", source = "s", functions = [#xplat.let<"f", <(a)>>], parts = [], resources = []}> : () -> ()

// -----

xplat.family @f source "s" {
  // expected-error @below {{unknown name 'wrods'; did you mean 'words'?}}
  style ram (bits, words) distributed (wrods <= 32)
}

// -----

// expected-error @below {{[family C2] memory "ram" is named twice}}
xplat.family @f source "s" {
  style ram (bits, words) block (1)
  style ram (bits) block (1)
}

// -----

// expected-error @below {{[family C2] expected distinct identifiers as styles of memory "ram" but got "block"}}
xplat.family @f source "s" {
  style ram (bits, words) block (words < 8) block (1)
}
