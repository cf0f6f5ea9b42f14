"""Links the code names in guides, such as `LogMelSpectrogram`, to their pages."""

import re

from api_pages import public_subpackages
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

# What may follow a name that is still a link: a call, with or without arguments.
_CALL = re.compile(r"\(.*\)$", re.DOTALL)


def setup(app):
    """Connects the extension to Sphinx."""
    app.add_post_transform(CodeLinks)
    return {"parallel_read_safe": True}


class CodeLinks(SphinxPostTransform):
    """Replaces each literal that names something public by a reference to its page."""

    default_priority = 5  # before the references are resolved

    def run(self, **kwargs):
        addresses = public_addresses()
        for literal in list(self.document.findall(nodes.literal)):
            address = addresses.get(_CALL.sub("", literal.astext()))
            if address and self._may_link(literal, address):
                literal.replace_self(self._reference(literal, address))

    def _may_link(self, literal, address):
        """Returns whether the literal is plain text on another page than its own."""
        kinds = (nodes.reference, nodes.title, addnodes.pending_xref)
        parent = literal.parent
        while parent is not None:
            if isinstance(parent, (*kinds, addnodes.desc_signature)):
                return False
            parent = parent.parent
        return not self.env.docname.endswith(f"/{address}")

    def _reference(self, literal, address):
        reference = addnodes.pending_xref(
            "",
            literal.deepcopy(),
            refdomain="py",
            reftype="obj",
            reftarget=address,
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        reference.source, reference.line = literal.source, literal.line
        return reference


def public_addresses():
    """Returns the full address for each way to write a public name.

    `speechkit.layers.MFCC`, `layers.MFCC` and `MFCC` are one; so are the methods that
    the class itself defines, such as `MFCC.from_preset`. A lower-case name needs its
    package: `score` may be a column of a table.
    """
    addresses = {}
    for package in public_subpackages():
        short = package.__name__.removeprefix("speechkit.")
        for name in package.__all__:
            value = getattr(package, name)
            members = vars(value) if isinstance(value, type) else ()
            methods = [f"{name}.{member}" for member in members if member[0] != "_"]
            for part in (name, *methods):
                address = f"{package.__name__}.{part}"
                spellings = [address, f"{short}.{part}"]
                if not part.islower():
                    spellings.append(part)
                for spelling in spellings:
                    addresses[spelling] = address
    return addresses
