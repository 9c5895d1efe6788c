// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: attributes of functions, the place beside a target.

// expected-error@below {{[place C1] expected "xplat.target" on a function, a '#xplat.target'}}
module attributes {xplat.target = #xplat.target<rtl>} {}

// -----

// expected-error@below {{[place C1] expected "xplat.target" on a function, a '#xplat.target'}}
func.func private @f() attributes {xplat.target = "rtl"}

// -----

// expected-error@below {{[place C1] expected "xplat.place" on a function with an "xplat.target", a '#xplat.place'}}
func.func private @f() attributes {xplat.place = #xplat.place<@s::@a>}

// -----

// expected-error@below {{[place C1] expected "xplat.place" on a function with an "xplat.target", a '#xplat.place'}}
func.func private @f() attributes {xplat.place = @a, xplat.target = #xplat.target<rtl>}

// -----

// expected-error@below {{[place C1] expected "xplat.place" on a function with an "xplat.target", a '#xplat.place'}}
module attributes {xplat.place = #xplat.place<@s::@a>, xplat.target = 1} {}
