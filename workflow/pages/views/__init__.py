"""What each template is given: frozen view-models; the words around them live in the templates.

Points, values and totals are decimal texts as printed; instants are aware datetimes, which the templates show in
the company's time zone; states, roles, triggers and risks are codes, which `templates/macros/words.html` names.
"""
