"""Forms as modals and back."""

from __future__ import annotations

from dataclasses import replace

from bot.jobs.surface import Choice, Field, FieldKind, Form
from bot.slack.meta import Meta, read_meta, write_meta
from bot.slack.modal import file_field, filled, modal, read_state
from tests.bot.slack.schema import check_modal

KINDS = tuple(
    Field(kind.value, f"The {kind}", kind, choices=(Choice("", "None"), Choice("a", "A")), required=kind is FieldKind.TEXT)
    for kind in FieldKind
)


def test_every_kind_of_field_is_one_that_slack_accepts() -> None:
    check_modal(modal(Form("i1:imagine::0", "A title that is far too long for Slack", KINDS, "Go"), Meta("C1")))


def test_values_that_are_set_are_shown() -> None:
    values = {"text": "t", "long_text": "x" * 5000, "choice": "a", "channel": "C7", "role": "S1", "user": "U7", "file": ""}
    fields = tuple(Field(f.name, f.label, f.kind, values[f.name], "a hint", choices=f.choices, longest=6000) for f in KINDS)
    view = modal(Form("i1:imagine::0", "T", fields), Meta())
    check_modal(view)
    elements = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert len(elements["f:long_text"]["initial_value"]) == 3000
    assert elements["f:choice"]["initial_option"]["value"] == "=a"
    assert (elements["f:user"]["initial_users"], elements["f:channel"]["initial_conversations"]) == (["U7"], ["C7"])
    assert elements["f:channel"]["max_selected_items"] == 1, "a menu of one could never be emptied"
    needed = modal(Form("i1:imagine::0", "T", tuple(replace(field, required=True) for field in fields)), Meta())
    check_modal(needed)
    elements = {block["block_id"]: block["element"] for block in needed["blocks"]}
    assert (elements["f:user"]["initial_user"], elements["f:channel"]["initial_conversation"]) == ("U7", "C7")


def test_a_file_field_takes_pictures_or_the_endings_that_it_names() -> None:
    fields = (Field("a", "A", FieldKind.FILE), Field("b", "B", FieldKind.FILE, endings=("txt",)))
    view = modal(Form("i1:admin:x:0", "T", fields), Meta())
    check_modal(view)
    assert [block["element"]["filetypes"] for block in view["blocks"]] == [["png", "jpg", "jpeg", "webp"], ["txt"]]


def test_the_state_comes_back_by_field_name() -> None:
    state = {
        "text": {"type": "plain_text_input", "value": "fox"},
        "none": {"type": "plain_text_input", "value": None},
        "choice": {"type": "static_select", "selected_option": {"value": "=a"}},
        "unset": {"type": "static_select", "selected_option": None},
        "user": {"type": "users_select", "selected_user": "U7"},
        "channel": {"type": "conversations_select", "selected_conversation": "C7"},
        "image": {"type": "file_input", "files": [{"id": "F1"}]},
        "empty": {"type": "file_input", "files": []},
    }
    values, files = read_state({"state": {"values": {f"f:{name}": {"v": value} for name, value in state.items()}}})
    assert values == {"text": "fox", "none": "", "choice": "a", "unset": "", "user": "U7", "channel": "C7"}
    assert files == {"image": {"id": "F1"}}


def several(kind: FieldKind, value: str = "", most: int = 3, choices: tuple[Choice, ...] = ()) -> Field:
    return Field(kind.value, f"The {kind}", kind, value, choices=choices, most=most)


def test_several_may_be_chosen_where_the_field_says_so() -> None:
    choices = (Choice("a", "A"), Choice("b", "B"), Choice("", "None"))
    fields = (
        several(FieldKind.CHANNEL, "C1,C2"),
        several(FieldKind.USER, "U1"),
        several(FieldKind.CHOICE, "b,a", choices=choices),
    )
    view = modal(Form("i1:admin:x:0", "T", fields), Meta())
    check_modal(view)
    channel, user, choice = (block["element"] for block in view["blocks"])
    assert (channel["type"], channel["initial_conversations"]) == ("multi_conversations_select", ["C1", "C2"])
    assert channel["filter"] == {"include": ["public", "private"]}
    assert (user["type"], user["initial_users"], user["max_selected_items"]) == ("multi_users_select", ["U1"], 3)
    assert (choice["type"], [one["value"] for one in choice["initial_options"]]) == ("multi_static_select", ["=a", "=b"])
    over = modal(Form("c", "T", (several(FieldKind.USER, "U1,U2,U3,U4"),)), Meta())
    assert over["blocks"][0]["element"]["initial_users"] == ["U1", "U2", "U3"]
    unset = modal(Form("c", "T", (several(FieldKind.CHANNEL), several(FieldKind.CHOICE, choices=choices))), Meta())
    check_modal(unset)
    assert "initial" not in str(unset)


def test_what_was_chosen_comes_back_joined() -> None:
    state = {
        "channel": {"type": "multi_conversations_select", "selected_conversations": ["C1", "C2"]},
        "other": {"type": "multi_channels_select", "selected_channels": ["C3"]},
        "user": {"type": "multi_users_select", "selected_users": []},
        "choice": {"type": "multi_static_select", "selected_options": [{"value": "=a"}, {"value": "=b"}]},
        "unset": {"type": "multi_static_select", "selected_options": []},
    }
    values, _ = read_state({"state": {"values": {f"f:{name}": {"v": value} for name, value in state.items()}}})
    assert values == {"channel": "C1,C2", "other": "C3", "user": "", "choice": "a,b", "unset": ""}


def test_user_groups_stand_for_roles() -> None:
    groups = (Choice("S1", "Artists"), Choice("S2", "Board"))
    many, one = several(FieldKind.ROLE, "S9,S2"), Field("one", "One", FieldKind.ROLE, "S1")
    view = modal(Form("i1:admin:x:0", "T", (many, one)), Meta(), groups)
    check_modal(view)
    menu, single = (block["element"] for block in view["blocks"])
    assert [entry["text"]["text"] for entry in menu["options"]] == ["S9", "Board", "Artists"]
    assert [entry["value"] for entry in menu["initial_options"]] == ["=S9", "=S2"]
    assert (single["type"], single["initial_option"]["value"]) == ("static_select", "=S1")
    (typed,) = modal(Form("i1:admin:x:0", "T", (many,)), Meta())["blocks"]
    assert (typed["element"]["type"], typed["element"]["initial_value"]) == ("plain_text_input", "S9,S2")


def test_of_very_many_groups_those_that_are_set_are_offered() -> None:
    groups = tuple(Choice(f"S{number}", f"Group {number:03}") for number in range(150))
    view = modal(Form("i1:admin:x:0", "T", (several(FieldKind.ROLE, "S149"),)), Meta(), groups)
    check_modal(view)
    assert view["blocks"][0]["element"]["initial_options"][0]["value"] == "=S149"


def test_a_prompt_is_filled_in_where_it_belongs() -> None:
    form = Form(
        "c", "T", (Field("ratio", "R"), Field("prompt", "P", FieldKind.LONG_TEXT), Field("pic", "F", FieldKind.FILE))
    )
    assert [field.value for field in filled(form, "fox").fields] == ["", "fox", ""]
    assert filled(form, "") is form
    assert file_field(form) == "pic"


def test_the_metadata_survives_and_never_grows_too_long() -> None:
    meta = Meta(
        "C1", "1.2", "1.1", "https://hooks.test/1", 5.0, replaceable=True, file_id="F1", file_name="a.png", file_size=9
    )
    assert read_meta(write_meta(meta)) == meta
    assert len(write_meta(Meta("C1", response_url="x" * 4000))) < 3000
    assert read_meta("no json") == read_meta('{"unknown": 1}') == Meta()


def test_a_file_field_takes_pictures_or_what_it_names() -> None:
    fields = (Field("image", "Picture", FieldKind.FILE), Field("list", "List", FieldKind.FILE, endings=("txt",)))
    view = modal(Form("i1:admin:rule_import:0", "T", fields), Meta())
    check_modal(view)
    assert [block["element"]["filetypes"] for block in view["blocks"]] == [["png", "jpg", "jpeg", "webp"], ["txt"]]
