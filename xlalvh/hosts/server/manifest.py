"""The manifest by which Excel finds the add-in, written for the server's address."""

from __future__ import annotations

import uuid
from xml.sax.saxutils import escape

import xlalvh

NAME = "ALVH"
_TEMPLATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
           xmlns:bt="http://schemas.microsoft.com/office/officeappbasictypes/1.0" xsi:type="TaskPaneApp">
  <Id>{id}</Id>
  <Version>{version}</Version>
  <ProviderName>xlalvh</ProviderName>
  <DefaultLocale>en-US</DefaultLocale>
  <DisplayName DefaultValue="{name}"/>
  <Description DefaultValue="SPX iron condors hedged with a 4/4/2 ladder of VIX calls, as formulas"/>
  <IconUrl DefaultValue="{address}/icon-32.png"/>
  <HighResolutionIconUrl DefaultValue="{address}/icon-64.png"/>
  <SupportUrl DefaultValue="{address}/taskpane.html"/>
  <AppDomains>
    <AppDomain>{address}</AppDomain>
  </AppDomains>
  <Hosts>
    <Host Name="Workbook"/>
  </Hosts>
  <Requirements>
    <Sets DefaultMinVersion="1.1">
      <Set Name="SharedRuntime" MinVersion="1.1"/>
    </Sets>
  </Requirements>
  <DefaultSettings>
    <SourceLocation DefaultValue="{address}/taskpane.html"/>
  </DefaultSettings>
  <Permissions>ReadWriteDocument</Permissions>
  <VersionOverrides xmlns="http://schemas.microsoft.com/office/taskpaneappversionoverrides"
                    xsi:type="VersionOverridesV1_0">
    <Hosts>
      <Host xsi:type="Workbook">
        <Runtimes>
          <Runtime resid="Page" lifetime="long"/>
        </Runtimes>
        <AllFormFactors>
          <ExtensionPoint xsi:type="CustomFunctions">
            <Script>
              <SourceLocation resid="Code"/>
            </Script>
            <Page>
              <SourceLocation resid="Page"/>
            </Page>
            <Metadata>
              <SourceLocation resid="Metadata"/>
            </Metadata>
          </ExtensionPoint>
        </AllFormFactors>
        <DesktopFormFactor>
          <FunctionFile resid="Page"/>
          <ExtensionPoint xsi:type="PrimaryCommandSurface">
            <OfficeTab id="TabHome">
              <Group id="Alvh.Group">
                <Label resid="Name"/>
                <Icon>
                  <bt:Image size="16" resid="Icon16"/>
                  <bt:Image size="32" resid="Icon32"/>
                  <bt:Image size="80" resid="Icon80"/>
                </Icon>
                <Control xsi:type="Button" id="Alvh.Pane">
                  <Label resid="Name"/>
                  <Supertip>
                    <Title resid="Name"/>
                    <Description resid="About"/>
                  </Supertip>
                  <Icon>
                    <bt:Image size="16" resid="Icon16"/>
                    <bt:Image size="32" resid="Icon32"/>
                    <bt:Image size="80" resid="Icon80"/>
                  </Icon>
                  <Action xsi:type="ShowTaskpane">
                    <TaskpaneId>Alvh.Pane</TaskpaneId>
                    <SourceLocation resid="Page"/>
                  </Action>
                </Control>
              </Group>
            </OfficeTab>
          </ExtensionPoint>
        </DesktopFormFactor>
      </Host>
    </Hosts>
    <Resources>
      <bt:Images>
        <bt:Image id="Icon16" DefaultValue="{address}/icon-16.png"/>
        <bt:Image id="Icon32" DefaultValue="{address}/icon-32.png"/>
        <bt:Image id="Icon80" DefaultValue="{address}/icon-80.png"/>
      </bt:Images>
      <bt:Urls>
        <bt:Url id="Page" DefaultValue="{address}/taskpane.html"/>
        <bt:Url id="Code" DefaultValue="{address}/functions.js"/>
        <bt:Url id="Metadata" DefaultValue="{address}/functions.json"/>
      </bt:Urls>
      <bt:ShortStrings>
        <bt:String id="Name" DefaultValue="{name}"/>
      </bt:ShortStrings>
      <bt:LongStrings>
        <bt:String id="About" DefaultValue="Enter the token of the server that computes the ALVH formulas"/>
      </bt:LongStrings>
    </Resources>
  </VersionOverrides>
</OfficeApp>
"""


def manifest(address: str) -> str:
    """The manifest for an address such as ``https://localhost:8644``; equal addresses give equal add-in ids.

    It names no namespace, so that the formulas keep their plain names.
    """
    return _TEMPLATE.format(
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"{address}/xlalvh"),
        version=f"{xlalvh.__version__}.0",
        name=NAME,
        address=escape(address, {'"': "&quot;"}),
    )
