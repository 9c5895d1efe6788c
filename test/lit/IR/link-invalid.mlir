// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one type.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C1] expected operand and result of one type but got '!xplat.stream<4xf32, beat = (2)>' and '!xplat.stream<4xf32>'}}
  xplat.link %arg0 over @trio::@ab to <@trio::@b> phit_bits 8 latency_cycles 1 credits 2 {config = #xplat.config<place = <@trio::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32>
  return
}

// -----

// C2: phits, latency, credits.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C2] expected positive 'phit_bits' and 'credits' and a 'latency_cycles' that is not negative}}
  xplat.link %arg0 over @trio::@ab to <@trio::@b> phit_bits 0 latency_cycles 1 credits 2 {config = #xplat.config<place = <@trio::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C2]}}
  xplat.link %arg0 over @trio::@ab to <@trio::@b> phit_bits 8 latency_cycles -1 credits 2 {config = #xplat.config<place = <@trio::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C2]}}
  xplat.link %arg0 over @trio::@ab to <@trio::@b> phit_bits 8 latency_cycles 1 credits 0 {config = #xplat.config<place = <@trio::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

// C3: the cable.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C3] expected @trio::@bc to name an 'xplat.cable'}}
  xplat.link %arg0 over @trio::@bc to <@trio::@b> phit_bits 8 latency_cycles 1 credits 2
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C3] expected @trio::@a to name an 'xplat.cable'}}
  xplat.link %arg0 over @trio::@a to <@trio::@b> phit_bits 8 latency_cycles 1 credits 2
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  // expected-note@below {{it connects @a and @b}}
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C3] expected cable @trio::@ab to connect @a and @c}}
  xplat.link %arg0 over @trio::@ab to <@trio::@c> phit_bits 8 latency_cycles 1 credits 2 {config = #xplat.config<place = <@trio::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @trio {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.cable @ab @a port @link to @b port @link
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C3] expected cable @trio::@ab to be of the same system as @other::@a and @trio::@b}}
  xplat.link %arg0 over @trio::@ab to <@trio::@b> phit_bits 8 latency_cycles 1 credits 2 {config = #xplat.config<place = <@other::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

// C3 through a switch: two cables that meet there.

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @star {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.switch @net latency_ns 300.0 source "s"
  xplat.switch @other latency_ns 300.0 source "s"
  // expected-note@below {{it connects @a and @net}}
  xplat.cable @an @a port @link to @net
  xplat.cable @bn @b port @link to @net
  // expected-note@below {{it connects @c and @other}}
  xplat.cable @co @c port @link to @other
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C3] expected cables @star::@an and @star::@co to connect @a and @c}}
  xplat.link %arg0 over @star::@an and @star::@co to <@star::@c> phit_bits 8 latency_cycles 38 credits 2 {config = #xplat.config<place = <@star::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @star {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.switch @net latency_ns 300.0 source "s"
  xplat.switch @other latency_ns 300.0 source "s"
  // expected-note@below {{it connects @a and @net}}
  xplat.cable @an @a port @link to @net
  xplat.cable @bn @b port @link to @net
  xplat.cable @co @c port @link to @other
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C3] expected cable @star::@an to connect @a and @b}}
  xplat.link %arg0 over @star::@an to <@star::@b> phit_bits 8 latency_cycles 38 credits 2 {config = #xplat.config<place = <@star::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}

// -----

xplat.device @board fpga part "p" clock_mhz 100.0 resources <> source "s" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "s"
}
xplat.system @star {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.instance @c of @board
  xplat.switch @net latency_ns 300.0 source "s"
  xplat.switch @other latency_ns 300.0 source "s"
  xplat.cable @an @a port @link to @net
  xplat.cable @bn @b port @link to @net
  xplat.cable @co @c port @link to @other
}
func.func @f(%arg0: !xplat.stream<4xf32, beat = (2)>) {
  // expected-error@below {{[link C3] expected @star::@none to name an 'xplat.cable'}}
  xplat.link %arg0 over @star::@an and @star::@none to <@star::@b> phit_bits 8 latency_cycles 38 credits 2 {config = #xplat.config<place = <@star::@a>>}
      : !xplat.stream<4xf32, beat = (2)> -> !xplat.stream<4xf32, beat = (2)>
  return
}
