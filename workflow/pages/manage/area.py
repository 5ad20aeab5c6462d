"""The area 考核管理, to which each of its files adds its pages."""

from workflow.pages import shell

blueprint = shell.area("manage")
