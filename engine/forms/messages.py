"""What a form says about a field, in both languages; the words are those of the browser where it has the same rule."""

from typing import Any

from engine.errors import FieldProblem


def required() -> FieldProblem:
    """Nothing was entered."""
    return FieldProblem("此项必填。", "Field is required.")


def wrong_type(expected_zh: str, expected_en: str) -> FieldProblem:
    """The value is not of the kind that the field holds."""
    return FieldProblem(f"值的类型不对，应为{expected_zh}。", f"Wrong type of value, expected {expected_en}.")


def not_an_option() -> FieldProblem:
    """The value is not among the options."""
    return FieldProblem("所选的值不在可选项中。", "The value is not one of the options.")


def repeated_option() -> FieldProblem:
    """An option was chosen twice."""
    return FieldProblem("同一选项选了两次。", "The same option was chosen twice.")


def unknown_attachment() -> FieldProblem:
    """A file does not belong to this task."""
    return FieldProblem("文件不属于这个任务，请重新上传。", "The file does not belong to this task. Upload it again.")


def too_long(limit: int) -> FieldProblem:
    """A text is longer than any text may be."""
    return FieldProblem(f"内容过长，最多 {limit} 个字符。", f"Too long: at most {limit} characters.")


def too_many_rows(limit: int) -> FieldProblem:
    """A list has too many rows."""
    return FieldProblem(f"行数过多，最多 {limit} 行。", f"Too many rows: at most {limit}.")


def too_big() -> FieldProblem:
    """A number is beyond what every program counts exactly."""
    return FieldProblem("数字过大。", "The number is too big.")


def in_the_past() -> FieldProblem:
    """A day before today was chosen where that is not allowed."""
    return FieldProblem("不能早于今天。", "Must not be before today.")


def decimals(limit: int) -> FieldProblem:
    """A number has too many decimal digits."""
    if limit == 0:
        return FieldProblem("请输入整数。", "Value is expected to be an integer.")
    if limit == 1:
        return FieldProblem("最多 1 位小数。", "Value is expected to have at most 1 decimal digit.")
    return FieldProblem(f"最多 {limit} 位小数。", f"Value is expected to have at most {limit} decimal digits.")


def off_step(below: Any, above: Any) -> FieldProblem:
    """A number is between two steps."""
    return FieldProblem(
        f"请输入有效值，最接近的是 {below} 和 {above}。",
        f"Please select a valid value, the two nearest valid values are {below} and {above}.",
    )


def minimum(limit: Any) -> FieldProblem:
    """A number is too small."""
    return FieldProblem(f"不能小于 {limit}。", f"Field must have minimum value of {limit}.")


def maximum(limit: Any) -> FieldProblem:
    """A number is too great."""
    return FieldProblem(f"不能大于 {limit}。", f"Field must have maximum value of {limit}.")


def minimum_length(limit: Any) -> FieldProblem:
    """A text is too short."""
    return FieldProblem(f"至少 {limit} 个字符。", f"Field must have minimum length of {limit}.")


def maximum_length(limit: Any) -> FieldProblem:
    """A text is too long."""
    return FieldProblem(f"最多 {limit} 个字符。", f"Field must have maximum length of {limit}.")


def pattern(expression: str, own_message: str | None) -> FieldProblem:
    """A text does not look as it should; the form may bring its own words."""
    if own_message:
        return FieldProblem(own_message, own_message)
    return FieldProblem(f"格式不正确（{expression}）。", f"Field must match pattern {expression}.")


def email() -> FieldProblem:
    """Not an e-mail address."""
    return FieldProblem("请输入有效的邮箱地址。", "Field must be a valid email.")


def phone() -> FieldProblem:
    """Not an international telephone number."""
    return FieldProblem(
        "请输入带国家代码的电话（如 +8613800138000）。", "Field must be a valid international phone number. (e.g. +4930664040900)"
    )
