"""How Sphinx builds the site."""

import sys
from pathlib import Path

import speechkit

sys.path.append(str(Path(__file__).parent / "_extensions"))

project = "speechkit"
author = "The speechkit authors"
version = release = speechkit.__version__

extensions = [
    "api_pages",
    "code_links",
    "ctc_pictures",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
templates_path = ["_templates"]
exclude_patterns = ["_build"]
default_role = "code"
nitpicky = True
# Other projects' names cannot be links: the build must not need the network.
_OTHERS = r"(collections|keras|matplotlib|np|npt|numpy|os|pathlib|tensorflow|tf)\..*"
# What begins with an underscore has no page.
nitpick_ignore_regex = [("py:.*", _OTHERS), ("py:class", r"speechkit\..*\._.*")]

autosummary_ignore_module_all = False
autodoc_default_options = {
    "members": True,
    "inherited-members": True,
    "special-members": "__call__",
}
autodoc_inherit_docstrings = False  # Keras's own methods are in Keras's manual
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 88
napoleon_custom_sections = [
    ("Call arguments", "params_style"),
    "Input shape",
    "Output shape",
]
napoleon_use_ivar = True
napoleon_use_rtype = False
doctest_test_doctest_blocks = ""  # pytest runs the examples in docstrings

myst_enable_extensions = ["colon_fence", "deflist"]
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "pydata_sphinx_theme"
html_title = "speechkit"
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"index": [], "quickstart": [], "glossary": []}
