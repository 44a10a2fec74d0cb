"""FEEL means what chapter 10 of the DMN standard says. Each line is an expression that must be true, or null where it says so."""

import pytest

from tests.feel.evaluating import value

TRUE = """
substring("foobar", 3) = "obar"
substring("foobar", 3, 3) = "oba"
substring("foobar", -2, 1) = "a"
substring("\\U01F40Eab", 2) = "ab"
string length("\\U01F40Eab") = 3
string length("热线服务") = 4
upper case("aBc4") = "ABC4"
lower case("aBc4") = "abc4"
substring before("foobar", "bar") = "foo"
substring before("foobar", "xyz") = ""
substring after("foobar", "ob") = "ar"
substring after("", "a") = ""
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"
replace("a.b", ".", "$0$0", "q") = "a$0$0b"
contains("foobar", "of") = false
starts with("foobar", "fo")
ends with("foobar", "r")
matches("foobar", "^fo*b")
matches("13800138000", "^1[3-9]\\d{9}$")
matches("HELLO", "hello", "i")
matches("a\\nb", "a.b") = false
matches("a\\nb", "a.b", "s")
matches("ok", "[a-z-[aeiou]]+$") and not(matches("oe", "^[a-z-[aeiou]]+$"))
split("John Doe", "\\s") = ["John", "Doe"]
split("a;b;c;;", ";") = ["a", "b", "c", "", ""]
string join(["a", "b", "c"], "_and_") = "a_and_b_and_c"
string join(["a", null, "c"], "X") = "aXc"
string join([], "X") = ""
list contains([1, 2, 3], 2)
list contains([1, null], null)
count([1, [2, 3]]) = 2
min([1, 2, 3]) = 1
max("a", "c", "b") = "c"
min(date("2026-01-02"), date("2026-01-01")) = date("2026-01-01")
sum([1, 2, 3.5]) = 6.5
sum(duration("PT1H"), duration("PT30M")) = duration("PT90M")
mean([1, 2, 3]) = 2
all([false, null, true]) = false
all([]) and not(any([]))
any([false, null, true])
sublist([4, 5, 6], 1, 2) = [4, 5]
sublist([1, 2, 3], -2) = [2, 3]
append([1], 2, 3) = [1, 2, 3]
concatenate([1, 2], [3]) = [1, 2, 3]
insert before([1, 3], 1, 2) = [2, 1, 3]
remove([1, 2, 3], 2) = [1, 3]
reverse([1, 2, 3]) = [3, 2, 1]
index of([1, 2, 3, 2], 2) = [2, 4]
union([1, 2], [2, 3]) = [1, 2, 3]
distinct values([1, 2, 3, 2, 1]) = [1, 2, 3]
flatten([[1, 2], [[3]], 4]) = [1, 2, 3, 4]
product(2, 3, 4) = 24
median(8, 2, 5, 3, 4) = 4
median([6, 1, 2, 3]) = 2.5
decimal(stddev(2, 4, 7, 5), 6) = 2.081666
mode([6, 1, 9, 6, 1]) = [1, 6]
mode([]) = []
list replace([2, 4, 7, 8], 3, 6) = [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) = [5, 5, 7, 8]
sort([3, 1, 4, 5, 2], function(x, y) x < y) = [1, 2, 3, 4, 5]
decimal(1/3, 2) = 0.33
decimal(1.5, 0) = 2 and decimal(2.5, 0) = 2
floor(-1.5) = -2 and floor(-1.56, 1) = -1.6
ceiling(-1.5) = -1 and ceiling(-1.56, 1) = -1.5
round up(5.5, 0) = 6 and round up(-1.126, 2) = -1.13
round down(5.5, 0) = 5 and round down(-1.126, 2) = -1.12
round half up(5.5, 0) = 6 and round half up(-5.5, 0) = -6
round half down(5.5, 0) = 5 and round half down(-1.126, 2) = -1.13
abs(-10) = 10 and abs(@"-PT5H") = @"PT5H"
modulo(-12, 5) = 3 and modulo(12, -5) = -3 and modulo(-10.1, 4.5) = 3.4
sqrt(16) = 4
decimal(log(10), 8) = 2.30258509
decimal(exp(5), 6) = 148.413159
odd(5) and even(2) and odd(-1)
0.1 + 0.2 = 0.3
1 / 3 * 3 != 1
10 ** 2 = 100
-2 ** 2 = 4
2 + 3 * 4 = 14
(1 + 2) * 3 = 9
1.5e3 = 1500
"a" + "b" = "ab"
1 < 2 and "a" < "b" and not(2 < 1)
5 between 1 and 5
5 in [1..5] and not(5 in [1..5)) and not(1 in (1..5]) and not(1 in ]1..5[)
5 in (< 3, > 4)
"b" in ["a".."c"]
3 in (1, 2, 3) and 3 in [1, 2, 3]
[1..3] = [1..3]
[1..5].start = 1 and ([1..5)).end included = false
(for i in [1, 2], j in [3, 4] return i * j) = [3, 4, 6, 8]
(for i in 3..1 return i) = [3, 2, 1]
(for i in 0..4 return if i = 0 then 1 else i * partial[-1]) = [1, 1, 2, 6, 24]
(for d in date("2026-02-27")..date("2026-03-01") return d.day) = [27, 28, 1]
some x in [1, 2, 3] satisfies x > 2
every x in [] satisfies x > 2
[1, 2, 3][item > 1] = [2, 3]
[{x: 1, y: 2}, {x: 2, y: 3}][x = 1] = [{x: 1, y: 2}]
[{x: 1}, {x: 2}].x = [1, 2]
[1, 2, 3][-1] = 3
5[1] = 5
{a: 1, b: a + 1}.b = 2
{"first name": "Ada", full: first name + "!"}.full = "Ada!"
(function(a, b) a + b)(1, 2) = 3
{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r = 120
{hello: function(name: string) "hi " + name, r: hello(name: "A")}.r = "hi A"
get value({key1: "value1"}, "key1") = "value1"
get value({a: {b: 1}}, ["a", "b"]) = 1
get entries({key1: 1})[key = "key1"].value = [1]
context([{key: "a", value: 1}, {key: "b", value: 2}]) = {a: 1, b: 2}
context put({x: 1}, "y", 2) = {x: 1, y: 2}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) = {x: 1, y: {a: 2}}
context merge([{x: 1}, {y: 2}]) = {x: 1, y: 2}
1 instance of number and "a" instance of string and [1] instance of list<number> and {a: 1} instance of context<a: number>
[1, "a"] instance of list<number> = false
(function(a) a) instance of function<Any> -> Any
null instance of Null
number("1 000,0", " ", ",") = 1000
number("1.000.000,01", ".", ",") = 1000000.01
string(1.10) = "1.1" and string(date("2012-12-25")) = "2012-12-25" and string([1, "a"]) = "[1, \\"a\\"]"
date("2012-12-25") - date("2012-12-24") = duration("P1D")
date(2024, 1, 31) + duration("P1M") = date("2024-02-29")
date and time("2012-12-24T23:59:00") + duration("PT1M") = date and time("2012-12-25T00:00:00")
time("23:59:00Z") + duration("PT2M") = time("00:01:00Z")
date and time(date("2026-11-20"), time("10:30:00")) = @"2026-11-20T10:30:00"
date and time("2026-11-20T10:00:00+08:00") = date and time("2026-11-20T02:00:00Z")
date and time("2026-07-01T12:00:00@Europe/Paris").time offset = duration("PT2H")
date("2026-11-20").weekday = 5 and date("2026-11-20").year = 2026
duration("P2Y2M").years = 2 and duration("-P1DT2H").hours = -2
duration("PT36H") = duration("P1DT12H") and string(duration("PT36H")) = "P1DT12H"
duration("P1Y") = duration("P12M")
duration("P1D") * 2 = duration("P2D") and duration("P1Y") / duration("P1M") = 12
years and months duration(date("2011-12-22"), date("2013-08-24")) = duration("P1Y8M")
date("-0044-03-15") < date("0001-01-01")
day of year(date(2019, 9, 17)) = 260
day of week(date(2019, 9, 17)) = "Tuesday"
month of year(date(2019, 9, 17)) = "September"
week of year(date(2003, 12, 29)) = 1 and week of year(date(2005, 1, 1)) = 53
is(time("23:00:50Z"), time("23:00:50+00:00")) and not(is(time("23:00:50Z"), time("23:00:50")))
is(1, 1.0) and not(is("1", 1))
before(1, 10) and before([1..5], [6..10]) and before([1..5), [5..10])
after([5..10], [1..5)) and meets([1..5], [5..10]) and met by([5..10], [1..5])
overlaps([1..5], [3..8]) and overlaps before([1..5], [3..8]) and overlaps after([3..8], [1..5])
finishes(10, [1..10]) and finished by([1..10], 10) and starts(1, [1..10]) and started by([1..10], 1)
includes([1..10], 5) and during([4..6], [1..10]) and coincides([1..5], [1..5])
range("[1..3]") = [1..3]
now() = date and time("2026-11-20T08:00:00Z") and today() = date("2026-11-20")
null = null and not(1 = null)
/* comments count */ 1 = 1 // as nothing
"quote \\" and \\u0041" = "quote \\" and A"
"""

NULL = """
1 + null
null < 1
1 < "1"
true = 1
1 / 0
not(null)
true and null
false or null
"a" - "b"
[1, 2, 3][4]
[1, 2, 3][0]
{a: 1}.b
{a: 1, a: 2}
unknown name
no such thing(1)
substring("abc", 0)
substring(null, 1)
min([])
sum([])
mean([])
stddev([47])
number("abc")
number("1,000", ",", ",")
date("2026-02-30")
date("2026-1-1")
time("25:00:00")
date and time("2026-11-20T24:00:00")
duration("P1Y2D")
sqrt(-1)
log(0)
decimal(1, 1e10)
odd(1.5)
matches("a", "[")
(function(a: number) a)("x")
(function(a) a)(1, 2)
5 in (null..10]
null in [1..10]
range("[3..1]")
every x in [1, null] satisfies x > 0
insert before([1], 3, 2)
date("2026-01-01") < "2026-01-02"
string(null)
"""


def lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line]


@pytest.mark.parametrize("text", lines(TRUE))
def test_the_standard_says_it_is_true(text: str) -> None:
    """Given an expression that the standard makes true, when it is evaluated, then it is true."""
    assert value(text) is True


@pytest.mark.parametrize("text", lines(NULL))
def test_the_standard_says_it_is_null(text: str) -> None:
    """Given an expression without a sensible value, when it is evaluated, then it is null and never an exception."""
    assert value(text) is None
